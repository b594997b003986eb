import { type Batch, type StoredRecord, StoreError } from '@omemo-kit/omemo-core/ports';
import { KeyOrder } from './key-order.ts';

/** The records of one memory. Its calls are synchronous, and that is what makes a commit atomic. */
export class Records {
  readonly #quota: number;
  #byKey = new Map<string, StoredRecord>();
  #order = new KeyOrder();
  #usedBytes = 0;

  /** `quota`: most bytes that keys and values may take together. */
  constructor(quota = Number.POSITIVE_INFINITY) {
    this.#quota = quota;
  }

  get usedBytes(): number {
    return this.#usedBytes;
  }

  /** A copy of a record. */
  read(key: string): StoredRecord | undefined {
    const record = this.#byKey.get(key);
    return record === undefined ? undefined : copyRecord(record);
  }

  /** Copies of the first `limit` records under these whole segments, in byte order, after the key `after`. */
  page(prefix: string, after: string | undefined, limit: number): StoredRecord[] {
    const page: StoredRecord[] = [];
    const add = (key: string): void => void page.push(copyRecord(this.#byKey.get(key)!));
    // `a/b` itself comes before, not at the head of, the range of `a/b/...`: `a/b-c` and `a/b%40` sort in between.
    if (prefix !== '' && after === undefined && this.#byKey.has(prefix)) add(prefix);
    const first = prefix === '' ? '' : `${prefix}/`;
    // A space is below every character of a key, so `after + ' '` is a lower bound that leaves only `after` itself out.
    const from = after === undefined || after < first ? first : `${after} `;
    // '0' is the character after '/'.
    const below = prefix === '' ? undefined : `${prefix}0`;
    for (const key of this.#order.range(from, below, limit - page.length)) add(key);
    return page;
  }

  /** Applies a well-formed batch, or throws `conflict` or `quota` and changes nothing. Keeps the batch's arrays. */
  apply(batch: Batch): void {
    const stale = batch.expect.filter(({ key, revision }) => !sameRevision(this.#byKey.get(key), revision));
    if (stale.length > 0) {
      const keys = stale.map(({ key }) => key);
      throw new StoreError('conflict', `${keys.length} records are not as expected`, { keys });
    }
    let usedBytes = this.#usedBytes;
    for (const { key, value } of batch.put) usedBytes += sizeOf(key, value) - this.#sizeAt(key);
    for (const key of batch.remove) usedBytes -= this.#sizeAt(key);
    // What takes no more room than before is let through even above the quota, or nothing could be cleaned up.
    if (usedBytes > this.#quota && usedBytes > this.#usedBytes) {
      throw new StoreError('quota', `${usedBytes} bytes are more than the quota of ${this.#quota}`);
    }
    this.#order.add(batch.put.filter(({ key }) => !this.#byKey.has(key)).map(({ key }) => key));
    this.#order.remove(batch.remove.filter((key) => this.#byKey.has(key)));
    for (const { key, value, version } of batch.put) this.#byKey.set(key, { key, value, version, revision: batch.id });
    for (const key of batch.remove) this.#byKey.delete(key);
    this.#usedBytes = usedBytes;
  }

  /** Replaces everything. The quota is not looked at: a backup is never refused. */
  replace(records: readonly StoredRecord[]): void {
    this.#byKey = new Map(records.map((record) => [record.key, copyRecord(record)]));
    this.#order = new KeyOrder();
    this.#order.add([...this.#byKey.keys()]);
    this.#usedBytes = 0;
    for (const { key, value } of this.#byKey.values()) this.#usedBytes += sizeOf(key, value);
  }

  #sizeAt(key: string): number {
    const record = this.#byKey.get(key);
    return record === undefined ? 0 : sizeOf(key, record.value);
  }
}

function sizeOf(key: string, value: Uint8Array): number {
  return key.length + value.length;
}

function sameRevision(record: StoredRecord | undefined, revision: Uint8Array | null): boolean {
  if (record === undefined || revision === null) return record === undefined && revision === null;
  return record.revision.every((byte, i) => byte === revision[i]);
}

/** Copies the bytes, so that nobody outside holds an array of the memory. `slice` of a subclass may be a view. */
function copyRecord({ key, value, version, revision }: StoredRecord): StoredRecord {
  return { key, value: new Uint8Array(value), version, revision: new Uint8Array(revision) };
}
