/**
 * The Store port: an atomic map from keys to bytes with compare-and-commit.
 *
 * Everything omemo-core remembers goes through these four calls. A backend that keeps the contract below is safe under
 * several tabs, workers and processes on one store; the suite in `@omemo-kit/store-conformance` holds it to that, and its
 * README has the contract in order, with what to think of when writing a store.
 *
 * Keys are printable ASCII without spaces: segments joined by `/`, none of them empty, the first one naming the account.
 * Keys and prefixes are checked before anything is done (`checkKey`, `checkBatch`); every call rejects with a
 * {@link StoreError} and with nothing else. Byte arrays are the caller's before and after a call: a store copies them.
 */
export interface Store {
  /** Records in the order asked, `undefined` where there is none; all as they were at one moment. */
  get(keys: readonly string[]): Promise<readonly (StoredRecord | undefined)[]>;

  /**
   * Records whose key starts with these whole segments (`a/b` finds `a/b` and `a/b/c`, not `a/bc`; the empty prefix
   * everything), in byte order of their keys. Paged as the backend likes; it is not a snapshot, so a record committed meanwhile may or may not appear.
   */
  list(prefix: string): AsyncIterable<StoredRecord>;

  /**
   * Writes a whole batch or nothing, durable when it resolves: neither the end of the process nor that of the machine
   * takes it back. Whoever opens the store sees it from then on. Ids are not looked at otherwise: two batches with one id
   * are two batches. A batch that writes nothing is held to what it expects all the same.
   *
   * Rejects with a {@link StoreError} and changes nothing when its code is `conflict` (with every stale key), `quota`,
   * `closed` or `newer-schema`. With `indeterminate` only reading can tell whether it happened: a record put by this
   * batch carries `id` as its revision.
   */
  commit(batch: Batch): Promise<void>;

  /** Releases what the backend holds; other calls reject with `closed` from then on, a second `close` resolves. */
  close(): Promise<void>;
}

export interface StoredRecord {
  readonly key: string;
  /** Opaque to the store. */
  readonly value: Uint8Array;
  /** Schema version of `value`, 0 to 65,535, kept beside it so that a reader can refuse what it does not know. */
  readonly version: number;
  /** The `id` of the batch that put this record, 16 bytes. */
  readonly revision: Uint8Array;
}

export interface Batch {
  /** 16 random bytes chosen by the caller; becomes the revision of every record put. */
  readonly id: Uint8Array;
  /** What must hold for the batch to happen, each key at most once. */
  readonly expect: readonly Expectation[];
  /** Records to write, each key at most once and not also removed. */
  readonly put: readonly Put[];
  /** Keys to remove, each at most once; removing what is not there is no error. */
  readonly remove: readonly string[];
}

export interface Expectation {
  readonly key: string;
  /** The revision the record must have, or null when it must not exist. */
  readonly revision: Uint8Array | null;
}

export interface Put {
  readonly key: string;
  readonly value: Uint8Array;
  readonly version: number;
}

/**
 * - `conflict`: an expectation does not hold; `keys` names every stale one.
 * - `quota`: the backend has no room.
 * - `closed`: the store was closed.
 * - `newer-schema`: the store was written by a newer release than this code knows.
 * - `indeterminate`: the connection died in the middle; read to find out.
 * - `invalid-batch`: the caller broke the contract (a key twice, an id of the wrong length, a malformed key).
 * - `unavailable`: the backend failed before anything was written.
 * - `corrupt`: what is stored is damaged or was tampered with: a broken database file, a sealed record that does not open.
 * - `wrong-key`: the key or passphrase given does not open this store.
 */
export type StoreErrorCode =
  | 'conflict'
  | 'quota'
  | 'closed'
  | 'newer-schema'
  | 'indeterminate'
  | 'invalid-batch'
  | 'unavailable'
  | 'corrupt'
  | 'wrong-key';

export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code: StoreErrorCode;
  /** The stale keys of a `conflict`, empty otherwise. */
  readonly keys: readonly string[];

  constructor(code: StoreErrorCode, message: string, options: ErrorOptions & { keys?: readonly string[] } = {}) {
    super(message, options);
    this.code = code;
    this.keys = options.keys ?? [];
  }
}
