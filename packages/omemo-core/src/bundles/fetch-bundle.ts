import type { Ed25519PublicKey } from '@omemo-kit/primitives';
import { type VerifiedBundle, verifyBundle } from '@omemo-kit/x3dh';
import type { AccountContext } from '../context.ts';
import { isAbsent } from '../devices/fetch-list.ts';
import { OmemoError } from '../errors.ts';
import { TransportError } from '../ports/transport.ts';
import { checkAhead } from './check-ahead.ts';

/**
 * Fetches a device's bundle and verifies it before anything else looks at it (XEP-0384 4.2, R14; 5.4, S04).
 *
 * @param known the identity key the device had so far: equal bytes need no second check.
 * @throws OmemoError `bundle-unavailable`: nothing published, malformed, or the signature does not verify.
 */
export async function fetchBundle(
  context: AccountContext,
  device: { readonly jid: string; readonly deviceId: number; readonly known: Ed25519PublicKey | undefined },
  signal?: AbortSignal,
): Promise<VerifiedBundle> {
  const { jid, deviceId, known } = device;
  const itemId = String(deviceId);
  try {
    const items = await context.transport.fetch({ jid, node: context.profile.bundlesNode, itemIds: [itemId] }, signal);
    const item = items.find(({ id }) => id === itemId);
    if (item === undefined) throw new TransportError('item-not-found');
    const bundle = context.profile.elements.readBundle(item.payload);
    return verifyBundle(bundle, known, await checkAhead(bundle, known));
  } catch (cause) {
    const why = isAbsent(cause) ? 'has published no bundle' : 'has no usable bundle';
    throw new OmemoError('bundle-unavailable', `device ${deviceId} ${why}`, { cause, details: { jid, deviceId } });
  }
}
