import type { ListedDevice } from '@omemo-kit/omemo-wire';
import { storedIdentity } from '../account/identity.ts';
import type { AccountContext } from '../context.ts';
import { type OnProgress, progressOf } from '../messages/progress.ts';
import { sameBytes } from '../records/bytes.ts';
import { debtRecord } from '../records/delivery.ts';
import { type DeviceListRecord, deviceListRecord } from '../records/device-list.ts';
import type { UnitOfWork } from '../storage/unit-of-work.ts';
import { noteLists } from '../strangers/note-lists.ts';
import { deviceListFrom, fetchDeviceList } from './fetch-list.ts';
import { inParallel } from './parallel.ts';

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
  const wanted = await context.transact(async (unit) => {
    const lists = await unit.getMany(deviceListRecord, jids.map(context.keys.deviceList));
    return jids.filter((jid, index) => {
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
  const fetched = new Map<string, readonly ListedDevice[]>();
  await inParallel(context.limits.parallelFetches, wanted, async (jid) => {
    try {
      fetched.set(jid, await fetchDeviceList(context, jid, options.signal));
      context.listsSeen.add(jid);
    } catch (error) {
      failures.set(jid, error);
      if (!options.signal?.aborted) context.recentFailures.note(jid, error, context.now());
    }
    progress.oneDone();
  });
  if (fetched.size > 0) await storeLists(context, fetched, options.signal);
  return { failures };
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

async function storeLists(
  context: AccountContext,
  lists: ReadonlyMap<string, readonly ListedDevice[]>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const evicted = await context.transact(async (unit) => {
    await unit.load([context.keys.identity, ...[...lists.keys()].map(context.keys.deviceList)]);
    // Its version refuses an older process once a newer one has taken the account over.
    await storedIdentity(context, unit);
    for (const [jid, devices] of lists) {
      const key = context.keys.deviceList(jid);
      const cached = await unit.get(deviceListRecord, key);
      if (cached !== undefined && !cached.stale && sameList(cached, devices)) continue;
      unit.remove(context.keys.refreshDebt(jid));
      unit.put(deviceListRecord, key, deviceListFrom(devices, context.now()));
    }
    return noteLists(context, unit, [...lists.keys()]);
  }, signal);
  for (const jid of evicted) context.listsSeen.delete(jid);
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
    if (sameList(cached, devices)) return { change: 'unchanged' as const, evicted: [] };
    await markStale(context, unit, jid);
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
