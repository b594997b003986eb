import { type Store, type StoredRecord, StoreError, type StoreErrorCode } from '@omemo-kit/omemo-core/ports';
import { randomBytes, Secret } from '@omemo-kit/primitives';
import { decodeHeader, encodeHeader, SALT, unwrapDataKey, wrapDataKey } from './header.ts';
import { HEADER_KEY } from './hidden-keys.ts';
import { FORMAT } from './labels.ts';
import { keyEncryptionKey, lockFor, type Unlock } from './unlock.ts';

const DATA_KEY = 32;
const REVISION = 16;

/** Openers that create one store at once meet one another a time or two; more often is no race. */
const MOST_ATTEMPTS = 8;

export interface Unlocked {
  readonly dataKey: Secret;
  /** Of the header that was opened. */
  readonly revision: Uint8Array;
}

/**
 * Opens the header, or makes one where there is nothing yet. Of many that do so at once one writes, and all get its data key.
 * @throws StoreError `wrong-key`, `corrupt`, `newer-schema`, `unavailable`, or what the store below throws
 */
export async function openOrCreateHeader(store: Store, unlock: Unlock): Promise<Unlocked> {
  let refusal: unknown;
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const record = await readHeader(store);
    try {
      if (record !== undefined) return await openHeader(record, unlock);
      const dataKey = new Secret(randomBytes(DATA_KEY));
      await refuseForeignRecords(store);
      return { dataKey, revision: await writeHeader(store, { dataKey, unlock, expected: null }) };
    } catch (error) {
      // Whatever failed may have failed because of a header that is gone: then the one that is there now is tried.
      const now = await readHeader(store);
      if (sameRevision(now, record)) throw error;
      refusal = error;
    }
  }
  throw new StoreError('unavailable', 'the header of the encrypted store changes all the time', { cause: refusal });
}

/**
 * Wraps the data key anew and writes nothing else.
 * @returns the revision of the new header
 * @throws StoreError `conflict` when the header is not the expected one any more
 */
export async function rewriteHeader(
  store: Store,
  { dataKey, revision }: Unlocked,
  unlock: Unlock,
): Promise<Uint8Array> {
  try {
    return await writeHeader(store, { dataKey, unlock, expected: revision });
  } catch (cause) {
    if (!hasCode(cause, 'conflict')) throw cause;
    throw new StoreError('conflict', 'the key or passphrase was changed by someone else since this store was opened', {
      cause,
    });
  }
}

async function writeHeader(
  store: Store,
  { dataKey, unlock, expected }: { dataKey: Secret; unlock: Unlock; expected: Uint8Array | null },
): Promise<Uint8Array> {
  const lock = lockFor(unlock, randomBytes(SALT));
  const header = wrapDataKey({ dataKey, lock, keyEncryptionKey: await keyEncryptionKey(unlock, lock) });
  const id = randomBytes(REVISION);
  const put = [{ key: HEADER_KEY, value: encodeHeader(header), version: FORMAT }];
  try {
    await store.commit({ id, expect: [{ key: HEADER_KEY, revision: expected }], put, remove: [] });
  } catch (error) {
    if (!hasCode(error, 'indeterminate')) throw error;
    const now = await readHeader(store);
    if (now === undefined || !equal(now.revision, id)) throw error;
  }
  return id;
}

async function openHeader(record: StoredRecord, unlock: Unlock): Promise<Unlocked> {
  if (record.version > FORMAT)
    throw new StoreError('newer-schema', 'the encrypted store was written by a newer release');
  if (record.version !== FORMAT) throw new StoreError('corrupt', 'the header has a version that no release writes');
  const header = decodeHeader(record.value);
  const dataKey = unwrapDataKey(header, await keyEncryptionKey(unlock, header.lock));
  return { dataKey, revision: record.revision };
}

/**
 * Records without a header are a plain store: sealed ones among them would protect nobody, and the plain ones could not be read.
 * @throws StoreError `corrupt`
 */
async function refuseForeignRecords(store: Store): Promise<void> {
  for await (const _ of store.list('')) {
    throw new StoreError(
      'corrupt',
      'there are records but no header of an encrypted store: the store is a plain one, or its header was removed',
    );
  }
}

async function readHeader(store: Store): Promise<StoredRecord | undefined> {
  const [record] = await store.get([HEADER_KEY]);
  return record;
}

function hasCode(error: unknown, code: StoreErrorCode): boolean {
  return error instanceof StoreError && error.code === code;
}

function sameRevision(a: StoredRecord | undefined, b: StoredRecord | undefined): boolean {
  return a === undefined || b === undefined ? a === b : equal(a.revision, b.revision);
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
