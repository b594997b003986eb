import { type Batch, type Store, type StoredRecord, StoreError } from '@omemo-kit/omemo-core/ports';

export type Records = Map<string, StoredRecord>;

const copy = (bytes: Uint8Array): Uint8Array => new Uint8Array(bytes);
export const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

/** A store as short as it gets, written apart from storage-memory, with every step to override. */
export class PlainStore implements Store {
  protected readonly records: Records;
  protected closed = false;

  constructor(records: Records) {
    this.records = records;
  }

  async get(keys: readonly string[]): Promise<readonly (StoredRecord | undefined)[]> {
    this.checkOpen();
    await turn();
    return keys.map((key) => this.find(key));
  }

  async *list(prefix: string): AsyncGenerator<StoredRecord> {
    this.checkOpen();
    let last = '';
    for (;;) {
      await turn();
      this.checkOpen();
      const page = this.keysUnder(prefix)
        .filter((key) => key > last)
        .slice(0, 500);
      for (const key of page) {
        const record = this.find(key);
        if (record !== undefined) yield record;
      }
      if (page.length === 0) return;
      last = page.at(-1)!;
    }
  }

  async commit(batch: Batch): Promise<void> {
    this.checkOpen();
    this.check(batch);
    await turn();
    this.checkOpen();
    this.refuseStale(batch);
    await this.apply(batch);
  }

  async close(): Promise<void> {
    this.closed = true;
  }

  protected checkOpen(): void {
    if (this.closed) throw new StoreError('closed', 'closed');
  }

  protected find(key: string): StoredRecord | undefined {
    const record = this.records.get(key);
    return record && { ...record, value: copy(record.value), revision: copy(record.revision) };
  }

  protected keysUnder(prefix: string): string[] {
    const isUnder = (key: string) => prefix === '' || key === prefix || key.startsWith(`${prefix}/`);
    return [...this.records.keys()].filter(isUnder).sort();
  }

  protected check({ id, expect, put, remove }: Batch): void {
    const [written, expected] = [[...put.map(({ key }) => key), ...remove], expect.map(({ key }) => key)];
    const isGood =
      id.length === 16 &&
      [written, expected].every((keys) => new Set(keys).size === keys.length) &&
      [...written, ...expected].every((key) => /^[!-~]+$/.test(key)) &&
      expect.every(({ revision }) => revision === null || revision.length === 16) &&
      put.every(({ version }) => Number.isInteger(version) && version >= 0 && version <= 0xffff);
    if (!isGood) throw new StoreError('invalid-batch', 'invalid');
  }

  protected refuseStale(batch: Batch): void {
    const keys = this.staleKeys(batch);
    if (keys.length > 0) throw new StoreError('conflict', 'stale', { keys });
  }

  protected staleKeys({ expect }: Batch): string[] {
    return expect.filter(({ key, revision }) => !this.isAt(key, revision)).map(({ key }) => key);
  }

  protected isAt(key: string, revision: Uint8Array | null): boolean {
    return String(this.records.get(key)?.revision ?? null) === String(revision);
  }

  protected apply({ id, put, remove }: Batch): void | Promise<void> {
    for (const { key, value, version } of put) {
      this.records.set(key, { key, value: copy(value), version, revision: copy(id) });
    }
    for (const key of remove) this.records.delete(key);
  }
}
