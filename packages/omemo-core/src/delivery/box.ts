import type { AccountContext } from '../context.ts';
import type { RecordCodec } from '../records/codec.ts';
import { type BoxStateRecord, boxStateRecord } from '../records/delivery.ts';
import type { UnitOfWork } from '../storage/unit-of-work.ts';

interface Entry {
  readonly id: string;
  readonly sequence: number;
}

/** Where the entries of a box are stored, and how many there may be. */
export interface Box<T extends Entry> {
  readonly codec: RecordCodec<T>;
  readonly stateKey: string;
  readonly prefix: string;
  entryKey(id: string): string;
  readonly limit: number;
}

const EMPTY: BoxStateRecord = { count: 0, nextSequence: 1 };

/** How many entries there are; the record is read by every writer, so that the limit holds among several. */
export async function boxState<T extends Entry>(box: Box<T>, unit: UnitOfWork): Promise<BoxStateRecord> {
  return (await unit.get(boxStateRecord, box.stateKey)) ?? EMPTY;
}

/** Adds an entry at the end, with this unit's commit. */
export async function addEntry<T extends Entry>(box: Box<T>, unit: UnitOfWork, entry: Omit<T, 'sequence'>): Promise<T> {
  const { count, nextSequence } = await boxState(box, unit);
  const added = { ...entry, sequence: nextSequence } as T;
  unit.put(boxStateRecord, box.stateKey, { count: count + 1, nextSequence: nextSequence + 1 });
  unit.put(box.codec, box.entryKey(entry.id), added);
  return added;
}

/** All entries in the order they were added. */
export function entries<T extends Entry>(context: AccountContext, box: Box<T>): Promise<readonly T[]> {
  return context.transact(async (unit) => {
    const found = await unit.list(box.codec, box.prefix);
    return found.map(({ value }) => value).sort((a, b) => a.sequence - b.sequence);
  });
}

/** Removes entries, those that `which` says, many in one commit; ids that are not there are no error. */
export async function removeEntries<T extends Entry>(
  context: AccountContext,
  box: Box<T>,
  ids: readonly string[],
  which: (entry: T) => boolean = () => true,
): Promise<void> {
  const keys = [...new Set(ids)].map(box.entryKey);
  await context.transact(async (unit) => {
    await unit.load([box.stateKey, ...keys]);
    const found = (await unit.getMany(box.codec, keys)).filter(({ value }) => value !== undefined && which(value));
    if (found.length === 0) return;
    for (const { key } of found) unit.remove(key);
    const state = await boxState(box, unit);
    unit.put(boxStateRecord, box.stateKey, { ...state, count: Math.max(0, state.count - found.length) });
  });
}
