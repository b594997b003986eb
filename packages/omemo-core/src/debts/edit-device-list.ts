import type { ListedDevice } from '@omemo-kit/omemo-wire';
import type { AccountContext } from '../context.ts';
import { CURRENT, deviceListFrom, fetchDeviceList } from '../devices/fetch-list.ts';
import { OmemoError } from '../errors.ts';
import { deviceListRecord } from '../records/device-list.ts';
import { publish } from './publish.ts';

/** Publications before giving up, when other devices overwrite the list at the same time. */
const MAX_PUBLICATIONS = 3;

export interface DeviceListEdit {
  /** The list as it is to be; the same object when it is so already. */
  edit(listed: readonly ListedDevice[]): readonly ListedDevice[];
  /** Asked before each publication; what it throws ends the edit. */
  beforePublication?(): Promise<void>;
}

/**
 * Changes the device list of the own account: the list on the server is read, since other devices write it too, changed, published,
 * and read back until it is as wanted. What is there in the end is cached.
 *
 * @throws OmemoError `publication-failed` when others overwrite it each time; TransportError.
 */
export async function editDeviceList(
  context: AccountContext,
  { edit, beforePublication }: DeviceListEdit,
  signal?: AbortSignal,
): Promise<'published' | 'unchanged'> {
  const { jid, profile } = context;
  for (let publications = 0; ; publications++) {
    const listed = await fetchDeviceList(context, jid, signal);
    const wanted = edit(listed);
    if (wanted === listed) {
      await cacheOwnList(context, listed, signal);
      return publications === 0 ? 'unchanged' : 'published';
    }
    if (publications === MAX_PUBLICATIONS) break;
    await beforePublication?.();
    const item = { id: CURRENT, payload: profile.elements.writeDevices(wanted) };
    await publish(context, { node: profile.devicesNode, item, items: 'one' }, signal);
  }
  throw new OmemoError('publication-failed', 'the server does not have the device list that was published');
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
