import type { AccountContext } from '../context.ts';
import { sameBytes } from '../records/bytes.ts';
import { type TrustRecord, trustRecord } from '../records/trust.ts';
import type { Session } from '../sessions/session.ts';
import type { UnitOfWork } from '../storage/unit-of-work.ts';
import { knownDevice, noKeys, withSightings } from '../trust/known-keys.ts';
import type { DeviceAddress } from './addresses.ts';

/**
 * Whether a key exchange comes with the identity key that its device is known by. When it does not, the change is noted
 * for a person to decide on, and nothing else of the message takes effect (S22, S23). The key exchange has authenticated
 * before this is asked, so that nobody without the new key can cause it.
 */
export function identityUnchanged(
  context: AccountContext,
  unit: UnitOfWork,
  input: { readonly device: DeviceAddress; readonly trust: TrustRecord | undefined; readonly session: Session },
): boolean {
  const { device, trust, session } = input;
  const known = knownDevice(trust, device.deviceId);
  if (known === undefined || sameBytes(known.identityKey, session.identityKey)) return true;
  const { policy, jid } = context;
  const sighting = { deviceId: device.deviceId, identityKey: session.identityKey };
  const judge = { policy, jid: device.jid, own: device.jid === jid, now: context.now() };
  const before = trust ?? noKeys;
  const after = withSightings(before, [sighting], judge);
  if (after !== before) unit.put(trustRecord, context.keys.trust(device.jid), after);
  return false;
}
