import { checkKey, type Store, type StoredRecord } from '@omemo-kit/omemo-core/ports';
import { HEADER_KEY, type HiddenKeys } from './hidden-keys.ts';

/** Values up to this many bytes in all are kept from the first pass, so that a usual listing reads everything once. */
const KEPT_BYTES = 1024 * 1024;

/** Records read at once in the second pass. */
const PAGE = 64;

/** What a listing needs of the encrypted store. */
export interface ListingSource {
  readonly store: Store;
  readonly keys: HiddenKeys;
  /** Throws when the store was closed. */
  checkOpen(): void;
  open(stored: StoredRecord): StoredRecord;
  get(keys: readonly string[]): Promise<readonly (StoredRecord | undefined)[]>;
}

/**
 * Records in byte order of their real keys, which the store below does not know. A first pass over what it lists collects the names;
 * then they come in order, those whose values were too much to keep by `get`, a page at a time. So memory holds all names under the
 * prefix, about 1 MiB of values, and a page.
 */
export async function* orderedListing(
  source: ListingSource,
  prefix: string,
): AsyncGenerator<StoredRecord, void, undefined> {
  const { names, kept } = await collect(source, prefix);
  for (let at = 0; at < names.length; at += PAGE) {
    const page = names.slice(at, at + PAGE);
    const absent = page.filter((name) => !kept.has(name));
    if (absent.length > 0) {
      for (const record of await source.get(absent)) if (record !== undefined) kept.set(record.key, record);
    }
    for (const name of page) {
      source.checkOpen();
      const record = kept.get(name);
      kept.delete(name);
      // One that was removed since the first pass is not there any more.
      if (record !== undefined) yield record;
    }
  }
}

async function collect({ store, keys, checkOpen, open }: ListingSource, prefix: string) {
  if (prefix !== '') checkKey(prefix);
  const names: string[] = [];
  const kept = new Map<string, StoredRecord>();
  let keptBytes = 0;
  for await (const stored of store.list(prefix === '' ? '' : keys.hidePrefix(prefix))) {
    checkOpen();
    if (stored.key === HEADER_KEY) continue;
    const record = open(stored);
    if (prefix !== '' && record.key !== prefix && !record.key.startsWith(`${prefix}/`)) continue;
    names.push(record.key);
    keptBytes += record.value.length;
    if (keptBytes <= KEPT_BYTES) kept.set(record.key, record);
  }
  checkOpen();
  // Keys are ASCII: code units are in the order of bytes.
  names.sort();
  return { names, kept };
}
