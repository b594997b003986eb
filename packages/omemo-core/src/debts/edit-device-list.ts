import type { ListedDevice } from '@omemo-kit/omemo-wire';
import type { AccountContext } from '../context.ts';
import { CURRENT, deviceListFrom, fetchDeviceList } from '../devices/fetch-list.ts';
import { isOmemoError, OmemoError } from '../errors.ts';
import { deviceListRecord } from '../records/device-list.ts';
import { publish } from './publish.ts';

/** Publications before giving up, when other devices overwrite the list at the same time. */
const MAX_PUBLICATIONS = 3;

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
  for (let publications = 0; ; publications++) {
    const published = await readOwnList(context, unreadable, signal);
    const listed = published ?? [];
    const wanted = edit(listed);
    if (wanted === published) {
      await cacheOwnList(context, listed, signal);
      return publications === 0 ? 'unchanged' : 'published';
    }
    if (publications === MAX_PUBLICATIONS) break;
    // It would be read by nobody any more, this device included.
    if (wanted.length > Math.max(limits.maxDevices, listed.length)) throw fullOwnList(limits.maxDevices);
    await beforePublication?.();
    const item = { id: CURRENT, payload: profile.elements.writeDevices(wanted) };
    await publish(context, { node: profile.devicesNode, item, items: 'one' }, signal);
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

async function cacheOwnList(
  context: AccountContext,
  devices: readonly ListedDevice[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const { jid, keys } = context;
  await context.transact(async (unit) => {
    await unit.get(deviceListRecord, keys.deviceList(jid));
    unit.remove(keys.refreshDebt(jid));
    unit.put(deviceListRecord, keys.deviceList(jid), deviceListFrom(devices, context.now()));
  }, signal);
}
