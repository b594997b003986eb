import { type Batch, type StoredRecord, StoreError } from '@omemo-kit/omemo-core/ports';
import { type StoreConformanceOptions, storeChecks } from '@omemo-kit/store-conformance/checks';
import { PlainStore, type Records, turn } from './plain-store.ts';

/** A way to get the Store port wrong, and the checks that must see it. */
export interface BrokenStore {
  readonly defect: string;
  readonly options: StoreConformanceOptions;
  readonly caughtBy: readonly string[];
}

type StoreClass = new (records: Records) => PlainStore;

/** The data of each place, kept when its stores are closed. */
export function plainOptions(storeClass: StoreClass = PlainStore): StoreConformanceOptions {
  const places = new Map<string, Records>();
  const at = (place: string): Records => {
    const records = places.get(place) ?? new Map();
    places.set(place, records);
    return records;
  };
  const newer = new Set<string>();
  return {
    name: storeClass.name,
    open: (place) => {
      if (newer.has(place)) throw new StoreError('newer-schema', 'newer');
      return new storeClass(at(place));
    },
    remove: (place) => void places.delete(place),
    crash: (place) => void places.set(place, new Map(at(place))),
    openSmall: (place) => new SmallStore(at(place)),
    makeNewer: (place) => void newer.add(place),
  };
}

class SmallStore extends PlainStore {
  protected override apply(batch: Batch): void | Promise<void> {
    const size = batch.put.reduce((sum, { value }) => sum + value.length, 0);
    if (size > 256 * 1024) throw new StoreError('quota', 'full');
    return super.apply(batch);
  }
}

function broken(defect: string, storeClass: StoreClass, ...caughtBy: string[]): BrokenStore {
  return { defect, options: plainOptions(storeClass), caughtBy };
}

const bothWays = (rule: string): string[] => [
  `concurrency: ${rule}, within one store`,
  `concurrency: ${rule}, among several openers`,
];

/** Rewrites the records of a batch before they are stored. */
function rewriting(change: (record: Batch['put'][number]) => Batch['put'][number]): StoreClass {
  return class extends PlainStore {
    protected override apply(batch: Batch): void | Promise<void> {
      return super.apply({ ...batch, put: batch.put.map(change) });
    }
  };
}

/** Lists by a rule of its own. */
function listing(keysUnder: (keys: string[], prefix: string) => string[]): StoreClass {
  return class extends PlainStore {
    override async *list(prefix: string): AsyncGenerator<StoredRecord> {
      this.checkOpen();
      await turn();
      for (const key of keysUnder([...this.records.keys()], prefix)) {
        const record = this.find(key);
        if (record !== undefined) yield record;
      }
    }
  };
}

const isUnder = (key: string, prefix: string): boolean =>
  prefix === '' || key === prefix || key.startsWith(`${prefix}/`);

/** Stores and finds every key under another one. */
function renaming(rename: (key: string) => string): StoreClass {
  return class extends PlainStore {
    protected override find(key: string): StoredRecord | undefined {
      const record = super.find(rename(key));
      return record && { ...record, key: record.key };
    }
    protected override isAt(key: string, revision: Uint8Array | null): boolean {
      return super.isAt(rename(key), revision);
    }
    protected override apply(batch: Batch): void | Promise<void> {
      const put = batch.put.map((record) => ({ ...record, key: rename(record.key) }));
      return super.apply({ ...batch, put, remove: batch.remove.map(rename) });
    }
  };
}

function offsetListing(): StoreClass {
  return class extends PlainStore {
    override async *list(prefix: string): AsyncGenerator<StoredRecord> {
      this.checkOpen();
      for (let offset = 0; ; offset += 100) {
        await turn();
        const page = this.keysUnder(prefix).slice(offset, offset + 100);
        for (const key of page) yield this.find(key)!;
        if (page.length === 0) return;
      }
    }
  };
}

const decoder = new TextDecoder();
const encoder = new TextEncoder();

export const brokenStores: readonly BrokenStore[] = [
  broken(
    'a commit in two halves',
    class extends PlainStore {
      protected override async apply({ put, remove, ...rest }: Batch): Promise<void> {
        await super.apply({ ...rest, put: put.slice(0, put.length / 2), remove: [] });
        await turn();
        this.checkOpen();
        await super.apply({ ...rest, put: put.slice(put.length / 2), remove });
      }
    },
    ...bothWays('a reader never gets half of a batch'),
    'closing: a commit under way is done whole or not at all',
  ),
  broken(
    'time between the comparison and the write',
    class extends PlainStore {
      protected override async apply(batch: Batch): Promise<void> {
        await turn();
        await super.apply(batch);
      }
    },
    ...bothWays('no increment of a counter is lost'),
    ...bothWays('of many that create a record one succeeds'),
    ...bothWays('a total holds while amounts are moved'),
    'conflicts: of two writers that each read what the other writes, one is refused',
  ),
  broken(
    'expectations that nobody looks at',
    class extends PlainStore {
      protected override staleKeys(): string[] {
        return [];
      }
    },
    'conflicts: a stale batch changes nothing',
    'conflicts: every stale key is named, and no other',
    'conflicts: an expectation is met by the very revision and by nothing near it',
    'conflicts: null expects that there is no record',
    'conflicts: a record that was removed and put again is another one',
    'random batches: one store agrees with a plain map',
    'random batches: several openers agree with a plain map',
  ),
  broken(
    'expectations on records that are only read left out',
    class extends PlainStore {
      protected override staleKeys({ expect, put, remove, id }: Batch): string[] {
        const written = new Set([...put.map(({ key }) => key), ...remove]);
        return super.staleKeys({ id, put, remove, expect: expect.filter(({ key }) => written.has(key)) });
      }
    },
    'conflicts: of two writers that each read what the other writes, one is refused',
    'conflicts: a batch that writes nothing is held to what it expects',
  ),
  broken(
    'a conflict that names the first stale key',
    class extends PlainStore {
      protected override staleKeys(batch: Batch): string[] {
        return super.staleKeys(batch).slice(0, 1);
      }
    },
    'conflicts: every stale key is named, and no other',
  ),
  broken(
    'a conflict that names every key expected',
    class extends PlainStore {
      protected override staleKeys(batch: Batch): string[] {
        return super.staleKeys(batch).length === 0 ? [] : batch.expect.map(({ key }) => key);
      }
    },
    'conflicts: every stale key is named, and no other',
    'commits: 5,000 records are put, replaced and removed in one batch each',
  ),
  broken(
    'null that expects nothing',
    class extends PlainStore {
      protected override isAt(key: string, revision: Uint8Array | null): boolean {
        return revision === null || super.isAt(key, revision);
      }
    },
    'conflicts: null expects that there is no record',
    ...bothWays('of many that create a record one succeeds'),
  ),
  broken(
    'revisions compared by their first half',
    class extends PlainStore {
      protected override isAt(key: string, revision: Uint8Array | null): boolean {
        return String(this.records.get(key)?.revision.slice(0, 8) ?? null) === String(revision?.slice(0, 8) ?? null);
      }
    },
    'conflicts: an expectation is met by the very revision and by nothing near it',
  ),
  broken(
    'a conflict seen after the write',
    class extends PlainStore {
      protected override refuseStale(batch: Batch): void {
        const stale = this.staleKeys(batch);
        void super.apply(batch);
        if (stale.length > 0) throw new StoreError('conflict', 'stale', { keys: stale });
      }
    },
    'conflicts: a stale batch changes nothing',
  ),
  broken(
    'the arrays of the caller kept',
    class extends PlainStore {
      protected override apply({ id, put, remove }: Batch): void {
        for (const { key, value, version } of put) this.records.set(key, { key, value, version, revision: id });
        for (const key of remove) this.records.delete(key);
      }
    },
    'buffers: what was committed does not change with the arrays of the batch',
  ),
  broken(
    'the own arrays handed out',
    class extends PlainStore {
      protected override find(key: string): StoredRecord | undefined {
        return this.records.get(key);
      }
    },
    'buffers: a record that was read belongs to the reader',
  ),
  broken(
    'the buffer behind a view kept',
    rewriting((record) => ({ ...record, value: new Uint8Array(record.value.buffer) })),
    'buffers: of a view into a larger array only the view is kept',
  ),
  broken(
    'a batch wiped after use',
    class extends PlainStore {
      protected override async apply(batch: Batch): Promise<void> {
        await super.apply(batch);
        for (const { value } of batch.put) value.fill(0);
      }
    },
    'buffers: a batch is left as it was',
  ),
  broken(
    'a prefix of characters',
    listing((keys, prefix) => keys.filter((key) => key.startsWith(prefix)).sort()),
    'listing: a prefix stands for whole segments',
  ),
  broken(
    'a range scan from a/b to a/b0',
    listing((keys, prefix) => keys.filter((key) => key >= prefix && key < `${prefix}0`).sort()),
    'listing: a prefix stands for whole segments',
  ),
  broken(
    'a prefix as a pattern of SQL',
    listing((keys, prefix) => {
      const pattern = prefix
        .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
        .replaceAll('%', '.*')
        .replaceAll('_', '.');
      return keys.filter((key) => new RegExp(`^${pattern}(/|$)`).test(key)).sort();
    }),
    'listing: nothing in a prefix is a wildcard',
  ),
  broken(
    'records in the order they came',
    listing((keys, prefix) => keys.filter((key) => isUnder(key, prefix))),
    'listing: records come whole and in byte order of their keys',
    'listing: 2,500 records come once each and in order, beside others',
  ),
  broken(
    'records in the order of a language',
    listing((keys, prefix) => keys.filter((key) => isUnder(key, prefix)).sort((a, b) => a.localeCompare(b))),
    'listing: records come whole and in byte order of their keys',
  ),
  broken(
    'one page listed',
    listing((keys, prefix) =>
      keys
        .filter((key) => isUnder(key, prefix))
        .sort()
        .slice(0, 1_000),
    ),
    'listing: 2,500 records come once each and in order, beside others',
  ),
  broken(
    'pages by offset',
    offsetListing(),
    'listing: what stays is listed once and in order while other records come and go',
  ),
  broken(
    'an empty prefix taken for an empty first segment',
    listing((keys, prefix) => keys.filter((key) => prefix !== '' && isUnder(key, prefix)).sort()),
    'listing: an empty prefix lists everything',
  ),
  broken(
    'an error for an empty listing',
    class extends PlainStore {
      protected override keysUnder(prefix: string): string[] {
        const keys = super.keysUnder(prefix);
        if (keys.length === 0) throw new StoreError('unavailable', 'nothing there');
        return keys;
      }
    },
    'listing: where there is nothing, nothing is listed',
  ),
  broken(
    'a cursor that blocks until it is read to its end',
    class extends PlainStore {
      #cursors = 0;
      override async *list(prefix: string): AsyncGenerator<StoredRecord> {
        this.#cursors++;
        yield* super.list(prefix);
        this.#cursors--;
      }
      protected override apply(batch: Batch): void | Promise<void> {
        if (this.#cursors > 0) throw new StoreError('unavailable', 'a cursor is open');
        return super.apply(batch);
      }
    },
    'listing: one that is left halfway is in the way of nothing',
  ),
  broken(
    'keys without case',
    renaming((key) => key.toLowerCase()),
    'keys: upper and lower case are different',
    'keys: every printable character makes a key of its own',
  ),
  broken(
    'keys of 255 bytes',
    renaming((key) => key.slice(0, 255)),
    'keys: percent-encoded, long and odd ones are kept as they are',
  ),
  broken(
    'keys decoded',
    renaming((key) => {
      try {
        return decodeURIComponent(key);
      } catch {
        return key;
      }
    }),
    'keys: percent-encoded, long and odd ones are kept as they are',
  ),
  broken(
    'an answer without the absent ones',
    class extends PlainStore {
      override async get(keys: readonly string[]): Promise<readonly (StoredRecord | undefined)[]> {
        return (await super.get(keys)).filter((record) => record !== undefined);
      }
    },
    'reading: get answers in the order asked, with undefined for what is absent',
  ),
  broken(
    'revisions of its own',
    class extends PlainStore {
      #count = 0;
      protected override apply(batch: Batch): void | Promise<void> {
        return super.apply({ ...batch, id: new Uint8Array(16).fill(++this.#count) });
      }
    },
    'reading: a record comes back as it was put, its revision the id of the batch',
  ),
  broken(
    'values as text',
    rewriting((record) => ({ ...record, value: encoder.encode(decoder.decode(record.value)) })),
    'reading: values and revisions keep every byte, and an empty value stays empty',
  ),
  broken(
    'no empty values',
    class extends PlainStore {
      protected override find(key: string): StoredRecord | undefined {
        const record = super.find(key);
        return record?.value.length === 0 ? undefined : record;
      }
    },
    'reading: values and revisions keep every byte, and an empty value stays empty',
  ),
  broken(
    'versions of one byte',
    rewriting((record) => ({ ...record, version: record.version & 0xff })),
    'reading: schema versions from 0 to 65,535 come back',
    'reopening: everything is as it was left',
  ),
  broken(
    'values of 64 KiB',
    rewriting((record) => ({ ...record, value: record.value.slice(0, 65_536) })),
    'reading: a value of 1 MiB comes back whole',
  ),
  broken(
    'batches of 1,000 records',
    class extends PlainStore {
      protected override apply(batch: Batch): void | Promise<void> {
        return super.apply({ ...batch, put: batch.put.slice(0, 1_000) });
      }
    },
    'commits: 5,000 records are put, replaced and removed in one batch each',
  ),
  broken(
    'removals forgotten beside puts',
    class extends PlainStore {
      protected override apply(batch: Batch): void | Promise<void> {
        return super.apply(batch.put.length > 0 ? { ...batch, remove: [] } : batch);
      }
    },
    'commits: a batch puts and removes together and leaves the rest alone',
  ),
  broken(
    'an error for removing what is absent',
    class extends PlainStore {
      protected override apply(batch: Batch): void | Promise<void> {
        if (batch.remove.some((key) => !this.records.has(key))) throw new StoreError('unavailable', 'absent');
        return super.apply(batch);
      }
    },
    'commits: removing what is absent is no error, twice neither',
  ),
  broken(
    'empty batches refused',
    class extends PlainStore {
      protected override check(batch: Batch): void {
        if (batch.put.length + batch.remove.length === 0) throw new StoreError('invalid-batch', 'empty');
        super.check(batch);
      }
    },
    'commits: an empty batch goes through',
  ),
  broken(
    'an id taken for done when it was seen before',
    class extends PlainStore {
      readonly #seen = new Set<string>();
      protected override apply(batch: Batch): void | Promise<void> {
        if (this.#seen.has(String(batch.id))) return undefined;
        this.#seen.add(String(batch.id));
        return super.apply(batch);
      }
    },
    'commits: an id that was used before is a revision like any other',
  ),
  broken(
    'batches that are not looked at',
    class extends PlainStore {
      protected override check(): void {}
    },
    ...storeChecks.map(({ name }) => name).filter((name) => name.startsWith('invalid batches: ')),
  ),
  broken(
    'one writer at a time, the others refused',
    class extends PlainStore {
      static busy = false;
      override async commit(batch: Batch): Promise<void> {
        const own = this.constructor as unknown as { busy: boolean };
        if (own.busy) throw new StoreError('conflict', 'busy', { keys: batch.expect.map(({ key }) => key) });
        own.busy = true;
        try {
          await super.commit(batch);
        } finally {
          own.busy = false;
        }
      }
    },
    ...bothWays('commits of different records do not disturb each other'),
  ),
  broken(
    'records remembered by each opener',
    class extends PlainStore {
      readonly #known = new Map<string, StoredRecord | undefined>();
      protected override find(key: string): StoredRecord | undefined {
        if (!this.#known.has(key)) this.#known.set(key, super.find(key));
        return this.#known.get(key);
      }
      protected override apply(batch: Batch): void | Promise<void> {
        for (const { key } of batch.put) this.#known.delete(key);
        for (const key of batch.remove) this.#known.delete(key);
        return super.apply(batch);
      }
    },
    'random batches: several openers agree with a plain map',
  ),
  broken(
    'open for ever',
    class extends PlainStore {
      override async close(): Promise<void> {}
    },
    'closing: every later call fails with closed',
  ),
  broken(
    'one close allowed',
    class extends PlainStore {
      override async close(): Promise<void> {
        this.checkOpen();
        this.closed = true;
      }
    },
    'closing: a second close does nothing',
  ),
  broken(
    'records gone with the first close',
    class extends PlainStore {
      override async close(): Promise<void> {
        this.closed = true;
        this.records.clear();
      }
    },
    'closing: other openers of the place stay open',
    'reopening: everything is as it was left',
  ),
  {
    defect: 'one place for all',
    options: ((one: Records) => ({ name: 'one place', open: () => new PlainStore(one) }))(new Map()),
    caughtBy: ['reopening: another place has other records'],
  },
  {
    defect: 'writes that wait in memory',
    options: lazyOptions(),
    caughtBy: ['crashes: what had resolved is there, the rest whole or not at all'],
  },
  {
    defect: 'a full disk found out halfway',
    options: { ...plainOptions(), openSmall: () => new HalfFullStore(new Map()) },
    caughtBy: ['quota: a batch that does not fit is refused without effect, a small one goes through'],
  },
  {
    defect: 'newer data written over',
    options: { ...plainOptions(), makeNewer: () => {} },
    caughtBy: ['newer releases: what they wrote is left alone'],
  },
];

class HalfFullStore extends PlainStore {
  protected override async apply(batch: Batch): Promise<void> {
    for (const record of batch.put) {
      if (record.value.length > 256 * 1024) throw new StoreError('quota', 'full');
      await super.apply({ ...batch, put: [record] });
    }
  }
}

/** What a commit wrote reaches the disk with the next one. */
function lazyOptions(): StoreConformanceOptions {
  const disks = new Map<string, Records>();
  const memories = new Map<string, Records>();
  const at = (all: Map<string, Records>, place: string): Records => {
    const records = all.get(place) ?? new Map();
    all.set(place, records);
    return records;
  };
  const openAt = (place: string): PlainStore =>
    new (class extends PlainStore {
      protected override apply(batch: Batch): void | Promise<void> {
        disks.set(place, new Map(this.records));
        return super.apply(batch);
      }
    })(at(memories, place));
  return {
    name: 'lazy',
    open: openAt,
    crash: (place) => void memories.set(place, new Map(at(disks, place))),
  };
}
