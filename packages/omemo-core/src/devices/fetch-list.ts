import { type ListedDevice, parseDevices } from '@omemo-kit/omemo-wire';
import type { AccountContext } from '../context.ts';
import { OmemoError } from '../errors.ts';
import { type PubsubItem, TransportError } from '../ports/transport.ts';
import type { DeviceListRecord } from '../records/device-list.ts';

/** The item id that device lists are published under (XEP-0384 5.3.1). */
export const CURRENT = 'current';

/**
 * Fetches the device list of an account. Nothing published is an empty list: the account has no device with OMEMO.
 *
 * @throws TransportError when the server could not be asked, WireError when the list cannot be read.
 */
export async function fetchDeviceList(
  context: AccountContext,
  jid: string,
  signal?: AbortSignal,
): Promise<readonly ListedDevice[]> {
  try {
    const items = await context.transport.fetch({ jid, node: context.profile.devicesNode }, signal);
    return readDeviceList(context, items);
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}

/** The list among the items of a devices node: the item "current", or else the newest there is. */
function readDeviceList(context: AccountContext, items: readonly PubsubItem[]): readonly ListedDevice[] {
  const item = items.find(({ id }) => id === CURRENT) ?? items.at(-1);
  if (item === undefined) return [];
  const devices = parseDevices(item.payload);
  if (devices.length > context.limits.maxDevices) {
    throw new OmemoError('too-many-devices', `a device list has ${devices.length} devices`);
  }
  return devices;
}

export function deviceListFrom(devices: readonly ListedDevice[], now: number): DeviceListRecord {
  return {
    devices: devices.map(({ id, label, labelSignature }) => ({ id, label, labelSignature })),
    updatedAt: now,
    stale: false,
  };
}

/** Servers say `item-not-found`, or `forbidden` to a stranger, where there is no node. */
export function isAbsent(error: unknown): boolean {
  return error instanceof TransportError && (error.condition === 'item-not-found' || error.condition === 'forbidden');
}
