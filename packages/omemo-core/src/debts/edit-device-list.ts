import type { ListedDevice } from '@omemo-kit/omemo-wire';
import type { AccountContext } from '../context.ts';
import { markStale } from '../devices/device-lists.ts';
import { CURRENT, deviceListFrom, fetchDeviceList } from '../devices/fetch-list.ts';
import { isOmemoError, OmemoError } from '../errors.ts';
import { deviceListRecord } from '../records/device-list.ts';
import { sameRevision } from '../storage/unit-of-work.ts';
import { publish } from './publish.ts';

/** Publications before giving up, when other devices overwrite the list at the same time. */
const MAX_PUBLICATIONS = 3;

/** Readings, each of which an event may overtake, before what was read last is kept as stale. */
const MAX_READINGS = 2 * (MAX_PUBLICATIONS + 1);

export interface DeviceListEdit {
  /** The list as it is to be; the same object when it is so already. */
  edit(listed: readonly ListedDevice[]): readonly ListedDevice[];
  /** `replace`: one that cannot be read is taken for an empty one, and published in any case. */
  readonly unreadable?: 'replace';
  /** Asked before each publication; what it throws ends the edit. */
  beforePublication?(): Promise<void>;
}

/**
 * Changes the device list of the own account: the list on the server is read, since other devices write it too, changed, published,
 * and read back until it is as wanted. What is there in the end is cached.
 *
 * @throws OmemoError `own-list-unusable`; `publication-failed` when others overwrite it each time; TransportError.
 */
export async function editDeviceList(
  context: AccountContext,
  { edit, unreadable, beforePublication }: DeviceListEdit,
  signal?: AbortSignal,
): Promise<'published' | 'unchanged'> {
  const { profile, limits } = context;
  const key = context.keys.deviceList(context.jid);
  let publications = 0;
  for (let reading = 1; ; reading++) {
    const [before] = await context.transact((unit) => unit.getMany(deviceListRecord, [key]), signal);
    const published = await readOwnList(context, unreadable, signal);
    const listed = published ?? [];
    const wanted = edit(listed);
    if (wanted === published) {
      const read = { devices: listed, since: before?.revision ?? null, last: reading === MAX_READINGS };
      const cached = await cacheOwnList(context, read, signal);
      if (cached === 'overtaken') continue;
      return publications === 0 ? 'unchanged' : 'published';
    }
    if (publications === MAX_PUBLICATIONS) break;
    // It would be read by nobody any more, this device included.
    if (wanted.length > Math.max(limits.maxDevices, listed.length)) throw fullOwnList(limits.maxDevices);
    await beforePublication?.();
    const item = { id: CURRENT, payload: profile.elements.writeDevices(wanted) };
    await publish(context, { node: profile.devicesNode, item, items: 'one' }, signal);
    publications += 1;
  }
  throw new OmemoError('publication-failed', 'the server does not have the device list that was published');
}

/** Undefined for one that cannot be read and is to be replaced. */
async function readOwnList(
  context: AccountContext,
  unreadable: DeviceListEdit['unreadable'],
  signal: AbortSignal | undefined,
): Promise<readonly ListedDevice[] | undefined> {
  try {
    return await fetchDeviceList(context, context.jid, signal);
  } catch (error) {
    if (unreadable === 'replace' && isOmemoError(error, 'own-list-unusable')) return undefined;
    throw error;
  }
}

function fullOwnList(most: number): OmemoError<'own-list-unusable'> {
  const message = `the own device list has ${most} devices already; account.removeDevices() makes room`;
  return new OmemoError('own-list-unusable', message, { details: { reason: 'full' } });
}

/** Keeps the list that was read, unless an event told of another one meanwhile: then it is to be read again (XEP-0384 5.3.1, R57). */
async function cacheOwnList(
  context: AccountContext,
  read: { readonly devices: readonly ListedDevice[]; readonly since: Uint8Array | null; readonly last: boolean },
  signal: AbortSignal | undefined,
): Promise<'cached' | 'overtaken'> {
  const { jid, keys } = context;
  return context.transact(async (unit) => {
    const key = keys.deviceList(jid);
    const [now] = await unit.getMany(deviceListRecord, [key]);
    const overtaken = !sameRevision(now?.revision ?? null, read.since);
    if (overtaken && !read.last) return 'overtaken';
    unit.remove(keys.refreshDebt(jid));
    unit.put(deviceListRecord, key, deviceListFrom(read.devices, context.now()));
    if (overtaken) await markStale(context, unit, jid);
    return 'cached';
  }, signal);
}
