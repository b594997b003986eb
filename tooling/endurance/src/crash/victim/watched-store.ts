import type { Batch, Store, StoredRecord } from '@omemo-kit/omemo-core/ports';
import { type RecordKeys, recordKeys } from '@omemo-kit/omemo-core/records';
import type { Window, Windows } from './windows.ts';

/** The store under test, telling which window each of its calls opens. */
export class WatchedStore implements Store {
  readonly #store: Store;
  readonly #windows: Windows;
  readonly #keys: RecordKeys;

  constructor(store: Store, windows: Windows, account: string) {
    this.#store = store;
    this.#windows = windows;
    this.#keys = recordKeys(account);
  }

  async get(keys: readonly string[]): Promise<readonly (StoredRecord | undefined)[]> {
    await this.#windows.gate('reading');
    const records = await this.#store.get(keys);
    this.#windows.enter('read → commit');
    return records;
  }

  async *list(prefix: string): AsyncIterable<StoredRecord> {
    await this.#windows.gate('reading');
    yield* this.#store.list(prefix);
    this.#windows.enter('read → commit');
  }

  async commit(batch: Batch): Promise<void> {
    const moves = batch.put.some(({ key }) => key.startsWith(`${this.#keys.sessionPrefix}/`));
    await this.#windows.gate(moves ? 'read → commit' : 'other commit');
    if (moves) this.#windows.enter('committing');
    await this.#store.commit(batch);
    const after = this.#windowAfter(batch);
    if (after === 'other commit') this.#windows.enter(after);
    else await this.#windows.gate(after);
  }

  close(): Promise<void> {
    return this.#store.close();
  }

  #windowAfter({ put }: Batch): Window {
    const { inboxPrefix, outboxPrefix } = this.#keys;
    if (put.some(({ key }) => key.startsWith(`${outboxPrefix}/`))) return 'commit → sending';
    if (put.some(({ key }) => key.startsWith(`${inboxPrefix}/`))) return 'commit → showing';
    return 'other commit';
  }
}
