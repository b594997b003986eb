import {
  type Batch,
  checkBatch,
  checkKey,
  type Store,
  type StoredRecord,
  StoreError,
} from '@omemo-kit/omemo-core/ports';
import { hkdfSha256, Secret } from '@omemo-kit/primitives';
import { openOrCreateHeader, rewriteHeader, type Unlocked } from './header-record.ts';
import { type HiddenKeys, hiddenKeys } from './hidden-keys.ts';
import { label } from './labels.ts';
import { type ListingSource, orderedListing } from './ordered-listing.ts';
import { openRecord, sealRecord } from './sealed-records.ts';
import { checkUnlock, type Unlock, type UnlockWithKey, type UnlockWithPassphrase } from './unlock.ts';

/** The store below, and a master key or a passphrase. */
export type EncryptedStoreOptions = { readonly store: Store } & Unlock;

/**
 * The Store port over any other store, which gets to see neither names nor values.
 *
 * Every call rejects with a `StoreError`: those of the store below, with real keys in a `conflict`, and `corrupt` for a record that was
 * changed or moved. Nothing of it is shown by `util.inspect`, `JSON.stringify` or a structured clone.
 */
export class EncryptedStore implements Store {
  readonly #store: Store;
  readonly #keys: HiddenKeys;
  readonly #valueKey: Secret;
  #unlocked: Unlocked;
  #closed = false;

  /** Use `EncryptedStore.open`. */
  private constructor(store: Store, unlocked: Unlocked) {
    const derive = (use: string): Secret =>
      new Secret(
        hkdfSha256({ inputKeyMaterial: unlocked.dataKey, salt: new Uint8Array(0), info: label(use), length: 32 }),
      );
    this.#store = store;
    this.#unlocked = unlocked;
    this.#keys = hiddenKeys(derive('names'));
    this.#valueKey = derive('values');
  }

  /**
   * Opens the store, or makes an encrypted one where there is nothing: the data key is drawn, wrapped and committed, once, however
   * many open it at the same time. When it rejects, the store below stays open, for another try.
   * @throws StoreError `wrong-key`; `corrupt` for a damaged header and for a store that has records but no header; `newer-schema`;
   *   `unavailable` without the memory for Argon2id; `invalid-batch` for a key, passphrase or costs that cannot be; and what the
   *   store below throws
   */
  static async open(options: EncryptedStoreOptions): Promise<EncryptedStore> {
    checkUnlock(options);
    return new EncryptedStore(options.store, await openOrCreateHeader(options.store, options));
  }

  async get(keys: readonly string[]): Promise<readonly (StoredRecord | undefined)[]> {
    this.#checkOpen();
    const asked = [...keys];
    for (const key of asked) checkKey(key);
    const hidden = asked.map((key) => this.#keys.hide(key));
    const found = await this.#store.get(hidden);
    this.#checkOpen();
    return asked.map((key, i) => {
      const stored = found[i];
      if (stored === undefined) return undefined;
      // Bound to the key that was asked for, whatever the store below says that it found.
      const record = openRecord(this.#valueKey, { ...stored, key: hidden[i] as string });
      if (record.key !== key) throw new StoreError('corrupt', `another record lies in the place of ${key}`);
      return record;
    });
  }

  /**
   * In byte order of the real keys. For that everything under the prefix is read before the first record comes; all names under it
   * are in memory then, and about 1 MiB of values.
   */
  async *list(prefix: string): AsyncGenerator<StoredRecord, void, undefined> {
    this.#checkOpen();
    const source: ListingSource = {
      store: this.#store,
      keys: this.#keys,
      checkOpen: () => this.#checkOpen(),
      open: (stored) => openRecord(this.#valueKey, stored),
      get: (keys) => this.get(keys),
    };
    yield* orderedListing(source, prefix);
  }

  async commit(batch: Batch): Promise<void> {
    this.#checkOpen();
    checkBatch(batch);
    const realKeys = new Map<string, string>();
    const hide = (key: string): string => {
      const hidden = this.#keys.hide(key);
      realKeys.set(hidden, key);
      return hidden;
    };
    const sealed: Batch = {
      id: batch.id,
      expect: batch.expect.map(({ key, revision }) => ({ key: hide(key), revision })),
      put: batch.put.map((put) => {
        const hiddenKey = hide(put.key);
        const place = { hiddenKey, version: put.version, revision: batch.id };
        return { key: hiddenKey, value: sealRecord(this.#valueKey, put, place), version: put.version };
      }),
      remove: batch.remove.map(hide),
    };
    try {
      await this.#store.commit(sealed);
    } catch (cause) {
      if (!(cause instanceof StoreError) || cause.code !== 'conflict') throw cause;
      const keys = cause.keys.map((hidden) => realKeys.get(hidden) ?? hidden);
      throw new StoreError('conflict', `${keys.length} records are not as expected`, { keys, cause });
    }
  }

  /**
   * From now on the store opens with this passphrase only, also when it took a master key so far. Rewrites the header and no record:
   * the data key stays, so stores that are open go on, and an old copy of the header still opens with what opened it.
   * @throws StoreError `conflict` (without keys) when the key or passphrase was changed since this store was opened: open it again
   */
  async changePassphrase(to: UnlockWithPassphrase): Promise<void> {
    await this.#change(to);
  }

  /** The same to a master key, also from a passphrase. */
  async changeKey(to: UnlockWithKey): Promise<void> {
    await this.#change(to);
  }

  /** Closes the store below too. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#store.close();
  }

  async #change(to: Unlock): Promise<void> {
    this.#checkOpen();
    checkUnlock(to);
    const { dataKey } = this.#unlocked;
    this.#unlocked = { dataKey, revision: await rewriteHeader(this.#store, this.#unlocked, to) };
  }

  #checkOpen(): void {
    if (this.#closed) throw new StoreError('closed', 'the store was closed');
  }
}
