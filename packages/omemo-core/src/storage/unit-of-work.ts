import { OmemoError } from '../errors.ts';
import type { OmemoEvents } from '../events.ts';
import type { Batch, Expectation, Store, StoredRecord } from '../ports/store.ts';
import { sameBytes } from '../records/bytes.ts';
import type { RecordCodec } from '../records/codec.ts';
import type { RecordCache, Remembered } from './record-cache.ts';

/** A record read by a unit of work, with the revision it had. */
export interface Loaded<T> {
  readonly key: string;
  readonly value: T | undefined;
  readonly revision: Uint8Array | null;
}

/** An event of one name. */
export type Told = {
  [Name in keyof OmemoEvents]: { readonly name: Name; readonly event: OmemoEvents[Name] };
}[keyof OmemoEvents];

/**
 * Reads and writes of one operation, gathered into one batch. Every record read is expected to be unchanged when the
 * batch is committed, the ones only read included: trust, device lists and sessions cannot drift apart (no write skew).
 */
export class UnitOfWork {
  readonly #store: Store;
  readonly #cache: RecordCache;
  readonly #read: Map<string, StoredRecord | undefined>;
  /** Records taken from memory without a look at the store, undefined where each is to be looked at. */
  readonly #recalled: Map<string, Remembered> | undefined;
  #assumedAbsent = new Set<string>();
  /** What listeners are told once this has happened. */
  readonly told: Told[] = [];
  #gets = 0;
  readonly #writes = new Map<string, { readonly codec: RecordCodec<unknown>; readonly value: unknown } | null>();

  /**
   * @param known records of an earlier attempt that are not stale.
   * @param recall whether what is remembered is taken for what is stored. The commit tells if it is not, as of all that was read.
   */
  constructor(store: Store, cache: RecordCache, known: Map<string, StoredRecord | undefined>, recall = false) {
    this.#store = store;
    this.#cache = cache;
    this.#read = known;
    this.#recalled = recall ? new Map() : undefined;
    // What an earlier attempt read is of another moment than what this one will.
    if (known.size > 0) this.#gets = 1;
  }

  async get<T>(codec: RecordCodec<T>, key: string): Promise<T | undefined> {
    const [loaded] = await this.getMany(codec, [key]);
    return loaded?.value;
  }

  /** Several records in one call to the store, in the order asked. */
  async getMany<T>(codec: RecordCodec<T>, keys: readonly string[]): Promise<readonly Loaded<T>[]> {
    await this.load(keys);
    return keys.map((key) => {
      const written = this.#writes.get(key);
      const recalled = this.#recalled?.get(key);
      const record = this.#read.get(key);
      const revision = (recalled ?? record)?.revision ?? null;
      if (written !== undefined) return { key, value: written === null ? undefined : (written.value as T), revision };
      if (recalled !== undefined) return { key, value: recalled.value as T, revision };
      return { key, value: record === undefined ? undefined : this.#cache.decode(record, codec), revision };
    });
  }

  /** Reads records of several kinds ahead, so that the `get` calls that follow do not wait for the store. */
  async load(keys: readonly string[]): Promise<void> {
    const missing = [...new Set(keys)].filter((key) => !this.#has(key) && !this.#recall(key));
    if (missing.length === 0) return;
    this.#gets += 1;
    const records = await this.#store.get(missing);
    for (const [index, key] of missing.entries()) {
      this.#read.set(key, records[index]);
      // Another writer removed it: keys that it held are not to outlive it here.
      if (records[index] === undefined) this.#cache.forget(key);
    }
  }

  /**
   * Records below a prefix in the order of their keys, as they are now and as this unit leaves them. They are expected to stay, but
   * new ones may appear beside them.
   */
  async list<T>(codec: RecordCodec<T>, prefix: string): Promise<readonly { key: string; value: T }[]> {
    const keys = new Set<string>();
    for await (const record of this.#store.list(prefix)) {
      if (!this.#has(record.key)) this.#read.set(record.key, record);
      keys.add(record.key);
    }
    const stored = keys.size;
    for (const key of this.#writes.keys()) if (key === prefix || key.startsWith(`${prefix}/`)) keys.add(key);
    const listed = keys.size === stored ? [...keys] : [...keys].sort();
    const found = await this.getMany(codec, listed);
    return found.flatMap(({ key, value }) => (value === undefined ? [] : [{ key, value }]));
  }

  /** Writes a record. One that was not read before is expected not to exist. */
  put<T>(codec: RecordCodec<T>, key: string, value: T): void {
    if (!this.#has(key)) {
      this.#read.set(key, undefined);
      this.#assumedAbsent.add(key);
    }
    this.#writes.set(key, { codec: codec as RecordCodec<unknown>, value });
  }

  /** Removes a record; removing one that was not read needs no expectation. */
  remove(key: string): void {
    this.#writes.set(key, null);
  }

  /** Runs a part of this unit of which nothing is left when it throws; what it has read stays expected. */
  async attempt<T>(part: (unit: UnitOfWork) => Promise<T>): Promise<PromiseSettledResult<T>> {
    const writes = [...this.#writes];
    const assumed = new Set(this.#assumedAbsent);
    const told = this.told.length;
    try {
      return { status: 'fulfilled', value: await part(this) };
    } catch (reason) {
      this.#writes.clear();
      for (const [key, write] of writes) this.#writes.set(key, write);
      for (const key of this.#assumedAbsent) if (!assumed.has(key)) this.#read.delete(key);
      this.#assumedAbsent = assumed;
      this.told.length = told;
      return { status: 'rejected', reason };
    }
  }

  /** Tells listeners of an event, but only once all this is committed. */
  tell<Name extends keyof OmemoEvents>(name: Name, event: OmemoEvents[Name]): void {
    this.told.push({ name, event } as Told);
  }

  /** Whether a record is written as new and nobody looked whether it is. */
  assumesAbsent(key: string): boolean {
    return this.#assumedAbsent.has(key);
  }

  /** Whether something was taken from memory: what came of it is to be confirmed by the store. */
  get hasRecalled(): boolean {
    return this.#recalled !== undefined && this.#recalled.size > 0;
  }

  get hasWrites(): boolean {
    return this.#writes.size > 0;
  }

  /**
   * The records that are not any more as they were read, for a unit that only reads. One `get` is of one moment; what
   * several of them brought may never have been true together, and is asked for again.
   */
  async staleReads(): Promise<readonly string[]> {
    if (this.#gets < 2 && !this.hasRecalled) return [];
    const expected = this.#expected();
    const now = await this.#store.get(expected.map(({ key }) => key));
    const stale = expected.filter(({ revision }, index) => !sameRevision(revision, now[index]?.revision ?? null));
    return stale.map(({ key }) => key);
  }

  batch(id: Uint8Array): Batch {
    const put: Batch['put'][number][] = [];
    const remove: string[] = [];
    for (const [key, write] of this.#writes) {
      if (write === null) remove.push(key);
      else put.push({ key, value: write.codec.encode(write.value), version: write.codec.version });
    }
    return { id, expect: this.#expected(), put, remove };
  }

  /** Tells the cache what was committed under this revision. */
  committed(revision: Uint8Array): void {
    for (const [key, write] of this.#writes) {
      if (write?.codec.keep) this.#cache.remember(key, revision, write.value);
      else this.#cache.forget(key);
    }
  }

  #has(key: string): boolean {
    return this.#read.has(key) || (this.#recalled?.has(key) ?? false);
  }

  #recall(key: string): boolean {
    const remembered = this.#recalled && this.#cache.recall(key);
    if (remembered === undefined) return false;
    this.#recalled?.set(key, remembered);
    return true;
  }

  #expected(): readonly Expectation[] {
    const known: (readonly [string, { readonly revision: Uint8Array } | undefined])[] = [...this.#read];
    if (this.#recalled !== undefined) known.push(...this.#recalled);
    return known.map(([key, record]) => ({ key, revision: record?.revision ?? null }));
  }
}

/** Whether a record is as it was when it had that revision; null while there is none. */
export function sameRevision(a: Uint8Array | null, b: Uint8Array | null): boolean {
  return a === null || b === null ? a === b : sameBytes(a, b);
}

export function assertOpen(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new OmemoError('aborted', 'the operation was aborted', { cause: signal.reason });
}
