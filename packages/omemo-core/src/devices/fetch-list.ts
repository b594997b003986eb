import { type ListedDevice, WireError } from '@omemo-kit/omemo-wire';
import type { Element } from 'ltx';
import type { AccountContext } from '../context.ts';
import { OmemoError } from '../errors.ts';
import { type FetchRequest, type PubsubItem, TransportError } from '../ports/transport.ts';
import type { DeviceListRecord } from '../records/device-list.ts';

/** The item id that device lists are published under (XEP-0384 5.3.1). */
export const CURRENT = 'current';

/**
 * Fetches the device list of an account. Nothing published is an empty list: the account has no device with OMEMO.
 *
 * @throws TransportError when the server could not be asked, WireError when the list cannot be read, of the own account OmemoError
 * `own-list-unusable`.
 */
export async function fetchDeviceList(
  context: AccountContext,
  jid: string,
  signal?: AbortSignal,
): Promise<readonly ListedDevice[]> {
  const items = await fetchItems(context, { jid, node: context.profile.devicesNode }, signal);
  const item = items.find(({ id }) => id === CURRENT) ?? items.at(-1);
  if (item === undefined) return [];
  try {
    return readDeviceList(context, item.payload);
  } catch (cause) {
    throw jid === context.jid && cause instanceof WireError ? unreadableOwnList(cause) : cause;
  }
}

/** Nobody else can mend it: it says what can be done. */
function unreadableOwnList(cause: WireError): OmemoError<'own-list-unusable'> {
  const message = 'the own device list cannot be read; account.replaceDeviceList() puts this device alone on it';
  return new OmemoError('own-list-unusable', message, { cause, details: { reason: 'unreadable' } });
}

/** Items of a node; none where there is no node. @throws TransportError when the server could not be asked. */
export async function fetchItems(
  context: AccountContext,
  request: FetchRequest,
  signal?: AbortSignal,
): Promise<readonly PubsubItem[]> {
  try {
    return await context.transport.fetch(request, signal);
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}

/** @throws WireError, also for more devices than are considered (S60). */
export function readDeviceList(context: AccountContext, payload: Element): readonly ListedDevice[] {
  return context.profile.elements.readDevices(payload, context.limits);
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
