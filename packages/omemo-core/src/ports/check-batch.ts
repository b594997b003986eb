import { type Batch, StoreError } from './store.ts';

/** Length of a batch id and of a revision, bytes. */
const revisionLength = 16;

/** Highest schema version of a record. */
const maxVersion = 0xffff;

/** Segments of printable ASCII without spaces (0x21 to 0x7e, `/` apart), none of them empty. */
const keyPattern = /^[!-.0-~]+(?:\/[!-.0-~]+)*$/;

/** For stores: refuses a malformed key. @throws StoreError `invalid-batch`. */
export function checkKey(key: string): void {
  if (typeof key !== 'string' || !keyPattern.test(key)) {
    throw new StoreError('invalid-batch', `not a key: ${JSON.stringify(key)}`);
  }
}

/** For stores: refuses a batch that breaks the contract of the port. @throws StoreError `invalid-batch`. */
export function checkBatch(batch: Batch): void {
  checkRevision(batch.id, 'the id of a batch');
  const expected = new Set<string>();
  for (const { key, revision } of batch.expect) {
    takeKey(key, expected, 'expected');
    if (revision !== null) checkRevision(revision, 'an expected revision');
  }
  const written = new Set<string>();
  for (const { key, value, version } of batch.put) {
    takeKey(key, written, 'written');
    if (!(value instanceof Uint8Array)) throw new StoreError('invalid-batch', `the value of ${key} is no Uint8Array`);
    if (!Number.isInteger(version) || version < 0 || version > maxVersion) {
      throw new StoreError('invalid-batch', `the version of ${key} is not in 0..${maxVersion}`);
    }
  }
  for (const key of batch.remove) takeKey(key, written, 'written');
}

function takeKey(key: string, taken: Set<string>, verb: string): void {
  checkKey(key);
  if (taken.has(key)) throw new StoreError('invalid-batch', `${key} is ${verb} twice`);
  taken.add(key);
}

function checkRevision(bytes: Uint8Array, name: string): void {
  if (!(bytes instanceof Uint8Array) || bytes.length !== revisionLength) {
    throw new StoreError('invalid-batch', `${name} is not ${revisionLength} bytes`);
  }
}
