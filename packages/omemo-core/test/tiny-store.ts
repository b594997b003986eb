import { type Batch, type Store, type StoredRecord, StoreError } from '../src/ports/store.ts';

/** The Store port in forty lines: what a unit of work needs to be tried on. `before` and `after` are called by commit. */
export class TinyStore implements Store {
  readonly records = new Map<string, StoredRecord>();
  readonly commits: Batch[] = [];
  readonly gets: (readonly string[])[] = [];
  before: (batch: Batch) => void | Promise<void> = () => {};
  after: (batch: Batch) => void | Promise<void> = () => {};
  onGet: (keys: readonly string[]) => void = () => {};

  async get(keys: readonly string[]) {
    this.gets.push(keys);
    this.onGet(keys);
    return keys.map((key) => this.records.get(key));
  }

  async *list(prefix: string) {
    for (const [key, record] of [...this.records].sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (key === prefix || key.startsWith(`${prefix}/`)) yield record;
    }
  }

  async commit(batch: Batch) {
    await this.before(batch);
    this.apply(batch);
    this.commits.push(batch);
    await this.after(batch);
  }

  apply({ id, expect, put, remove }: Batch) {
    const stale = expect.filter(
      ({ key, revision }) => String(this.records.get(key)?.revision ?? null) !== String(revision),
    );
    if (stale.length > 0) throw new StoreError('conflict', 'stale', { keys: stale.map(({ key }) => key) });
    for (const { key, value, version } of put) this.records.set(key, { key, value, version, revision: id });
    for (const key of remove) this.records.delete(key);
  }

  /** As a server does that goes on with a commit whose client is gone. */
  whenExpected(batch: Batch) {
    try {
      this.apply(batch);
    } catch {
      // Others were faster.
    }
  }

  /** Another writer. */
  write(key: string, value: Uint8Array, version = 1) {
    const id = Uint8Array.from({ length: 16 }, () => Math.floor(Math.random() * 256));
    this.records.set(key, { key, value, version, revision: id });
  }

  async close() {}
}
