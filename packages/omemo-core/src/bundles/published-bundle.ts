import { WireError } from '@omemo-kit/omemo-wire';
import type { Bundle } from '@omemo-kit/x3dh';
import type { AccountContext } from '../context.ts';
import { fetchItems } from '../devices/fetch-list.ts';
import type { PubsubItem } from '../ports/transport.ts';

/** Items of the own bundles node: those with these ids, or all. @throws TransportError. */
export function publishedItems(
  context: AccountContext,
  itemIds: readonly string[] | undefined,
  signal: AbortSignal | undefined,
): Promise<readonly PubsubItem[]> {
  const request = { jid: context.jid, node: context.profile.bundlesNode };
  return fetchItems(context, itemIds === undefined ? request : { ...request, itemIds }, signal);
}

/** The bundle that one of the account's devices has on the server, unverified; undefined for none that can be read. */
export async function publishedBundle(
  context: AccountContext,
  deviceId: number,
  signal: AbortSignal | undefined,
): Promise<Bundle | undefined> {
  const itemId = String(deviceId);
  return bundleIn(context, await publishedItems(context, [itemId], signal), itemId);
}

/** The bundle in the item of this id. What a server made of it may be no bundle any more: then there is none. */
export function bundleIn(context: AccountContext, items: readonly PubsubItem[], itemId: string): Bundle | undefined {
  const item = items.find(({ id }) => id === itemId);
  if (item === undefined) return undefined;
  try {
    return context.profile.elements.readBundle(item.payload);
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}
