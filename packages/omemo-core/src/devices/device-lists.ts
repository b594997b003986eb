import type { ListedDevice } from '@omemo-kit/omemo-wire';
import { storedIdentity } from '../account/identity.ts';
import type { AccountContext } from '../context.ts';
import { type OnProgress, progressOf } from '../messages/progress.ts';
import { sameBytes } from '../records/bytes.ts';
import { debtRecord } from '../records/delivery.ts';
import { type DeviceListRecord, deviceListRecord } from '../records/device-list.ts';
import { type Loaded, sameRevision, type UnitOfWork } from '../storage/unit-of-work.ts';
import { noteLists } from '../strangers/note-lists.ts';
import { deviceListFrom, fetchDeviceList } from './fetch-list.ts';
import { inParallel } from './parallel.ts';

/** Times that a list is asked for, while events tell of another one each time. */
const MAX_ROUNDS = 3;

export interface RefreshedLists {
  /** Why the list of an account could not be had; its cached one, if any, stays in use. */
  readonly failures: ReadonlyMap<string, unknown>;
}

/**
 * Sees to it that the device lists of these accounts are cached and not stale (XEP-0384 5.2, 5.8.2).
 *
 * @param force `stale-only`: what is not cached, or may have changed while there was no connection: nobody tells afterwards of what
 * was missed, except where presence is shared (R48, R49). `always`: also what is cached and current. `unknown-only`, for messages to many: neither what could not be had
 * a moment ago, nor, for a while, the list of an account that had no device.
 */
export async function refreshDeviceLists(
  context: AccountContext,
  jids: readonly string[],
  options: {
    readonly force: 'unknown-only' | 'stale-only' | 'always';
    readonly signal?: AbortSignal | undefined;
    readonly onProgress?: OnProgress | undefined;
  },
): Promise<RefreshedLists> {
  const { force } = options;
  const now = context.now();
  const failures = new Map<string, unknown>();
  let wanted: readonly Asked[] = await context.transact(async (unit) => {
    const lists = await unit.getMany(deviceListRecord, jids.map(context.keys.deviceList));
    const asked = jids.map((jid, index) => askedNow(context, jid, lists[index]));
    return asked.filter(({ jid }, index) => {
      if (force === 'always') return true;
      const list = lists[index]?.value;
      if (force === 'stale-only') return mayHaveChanged(list) || !context.listsSeen.has(jid);
      if (!mayHaveChanged(list)) return false;
      const failure = context.recentFailures.of(jid, now);
      if (failure !== undefined) failures.set(jid, failure.cause);
      return failure === undefined && !emptySince(list, now);
    });
  }, options.signal);
  const progress = progressOf('device-lists', wanted.length, options.onProgress);
  for (let round = 1; wanted.length > 0; round++) {
    const fetched: Fetched[] = [];
    await inParallel(context.limits.parallelFetches, wanted, async (asked) => {
      const { jid } = asked;
      try {
        fetched.push({ ...asked, devices: await fetchDeviceList(context, jid, options.signal) });
      } catch (error) {
        failures.set(jid, error);
        if (!options.signal?.aborted) context.recentFailures.note(jid, error, context.now());
      }
      if (round === 1) progress.oneDone();
    });
    const last = round === MAX_ROUNDS;
    wanted = fetched.length === 0 ? [] : await storeLists(context, { fetched, last }, options.signal);
  }
  return { failures };
}

/** A list that is asked for, and what was known when it was. */
interface Asked {
  readonly jid: string;
  readonly since: Uint8Array | null;
  readonly seen: boolean;
}

interface Fetched extends Asked {
  readonly devices: readonly ListedDevice[];
}

function askedNow({ listsSeen }: AccountContext, jid: string, list: Loaded<DeviceListRecord> | undefined): Asked {
  return { jid, since: list?.revision ?? null, seen: listsSeen.has(jid) };
}

/** An account without devices may start with OMEMO any time, and without presence nobody tells us. */
function mayHaveChanged(list: DeviceListRecord | undefined): boolean {
  return list === undefined || list.stale || list.devices.length === 0;
}

/** Milliseconds that a room's message takes an account without devices for one without OMEMO. */
const EMPTY_STANDS_FOR = 600_000;

function emptySince(list: DeviceListRecord | undefined, now: number): boolean {
  return list !== undefined && !list.stale && now - list.updatedAt < EMPTY_STANDS_FOR && now >= list.updatedAt;
}

/**
 * Keeps the lists that were fetched. Events that came while they were on their way may tell of newer ones.
 *
 * @returns those to ask for again; the `last` time they are kept as stale, and asked for by upkeep.
 */
async function storeLists(
  context: AccountContext,
  { fetched, last }: { readonly fetched: readonly Fetched[]; readonly last: boolean },
  signal: AbortSignal | undefined,
): Promise<readonly Asked[]> {
  const jids = fetched.map(({ jid }) => jid);
  const { evicted, again } = await context.transact(async (unit) => {
    const keys = jids.map(context.keys.deviceList);
    await unit.load([context.keys.identity, ...keys]);
    // Its version refuses an older process once a newer one has taken the account over.
    await storedIdentity(context, unit);
    const again: Asked[] = [];
    for (const [index, list] of (await unit.getMany(deviceListRecord, keys)).entries()) {
      const { jid, devices, since, seen } = fetched[index]!;
      const cached = list.value;
      if (cached !== undefined && !cached.stale && sameList(cached, devices)) continue;
      const overtaken = !sameRevision(list.revision, since) || (!seen && context.listsSeen.has(jid));
      if (overtaken && !last) {
        again.push(askedNow(context, jid, list));
        continue;
      }
      unit.remove(context.keys.refreshDebt(jid));
      unit.put(deviceListRecord, list.key, deviceListFrom(devices, context.now()));
      if (overtaken) await markStale(context, unit, jid);
    }
    return { evicted: await noteLists(context, unit, jids), again };
  }, signal);
  for (const jid of jids) if (!again.some((asked) => asked.jid === jid)) context.listsSeen.add(jid);
  for (const jid of evicted) context.listsSeen.delete(jid);
  return again;
}

/**
 * Takes in a device list that an event carried. Events have no order, so one that differs from what is cached is a hint
 * to fetch the node and not an answer; only where nothing is cached it is taken as it is.
 */
export async function noteDeviceListEvent(
  context: AccountContext,
  jid: string,
  devices: readonly ListedDevice[],
): Promise<'unchanged' | 'cached' | 'stale'> {
  const { change, evicted } = await context.transact(async (unit) => {
    const key = context.keys.deviceList(jid);
    await unit.load([context.keys.identity, key]);
    await storedIdentity(context, unit);
    const cached = await unit.get(deviceListRecord, key);
    if (cached === undefined) {
      unit.put(deviceListRecord, key, deviceListFrom(devices, context.now()));
      return { change: 'cached' as const, evicted: await noteLists(context, unit, [jid]) };
    }
    if (!cached.stale && sameList(cached, devices)) return { change: 'unchanged' as const, evicted: [] };
    // Also when it is stale already: what was fetched before this event came is told by the revision, and is not to end that.
    if (cached.stale) unit.put(deviceListRecord, key, cached);
    else await markStale(context, unit, jid);
    return { change: 'stale' as const, evicted: [] };
  });
  if (change !== 'stale') context.listsSeen.add(jid);
  for (const gone of evicted) context.listsSeen.delete(gone);
  return change;
}

/** The cached list of an account is not to be used before it was fetched again; upkeep does that. */
export async function markStale(context: AccountContext, unit: UnitOfWork, jid: string): Promise<void> {
  const { keys } = context;
  const key = keys.deviceList(jid);
  await unit.load([key, keys.refreshDebt(jid)]);
  const cached = await unit.get(deviceListRecord, key);
  if (cached?.stale) return;
  unit.put(deviceListRecord, key, { devices: [], updatedAt: 0, ...cached, stale: true });
  unit.put(debtRecord, keys.refreshDebt(jid), { since: context.now() });
}

function sameList(cached: DeviceListRecord, devices: readonly ListedDevice[]): boolean {
  if (cached.devices.length !== devices.length) return false;
  return cached.devices.every((known) => {
    const now = devices.find(({ id }) => id === known.id);
    return now !== undefined && now.label === known.label && sameSignature(now.labelSignature, known.labelSignature);
  });
}

function sameSignature(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a === undefined || b === undefined ? a === b : sameBytes(a, b);
}
