import type { AccountContext } from '../context.ts';
import { sameBytes } from '../records/bytes.ts';
import type { TrustRecord } from '../records/trust.ts';
import type { Session } from '../sessions/session.ts';
import type { UnitOfWork } from '../storage/unit-of-work.ts';
import { knownDevice } from '../trust/known-keys.ts';
import { rememberSightings } from '../trust/remember-sightings.ts';
import type { DeviceAddress } from './addresses.ts';

/**
 * Whether a key exchange comes with the identity key that its device is known by. When it does not, the change is noted
 * for a person to decide on, and nothing else of the message takes effect (S22, S23). The key exchange has authenticated
 * before this is asked, so that nobody without the new key can cause it.
 */
export async function identityUnchanged(
  context: AccountContext,
  unit: UnitOfWork,
  input: { readonly device: DeviceAddress; readonly trust: TrustRecord | undefined; readonly session: Session },
): Promise<boolean> {
  const { device, trust, session } = input;
  const known = knownDevice(trust, device.deviceId);
  if (known === undefined || sameBytes(known.identityKey, session.identityKey)) return true;
  const sightings = [{ deviceId: device.deviceId, identityKey: session.identityKey }];
  await rememberSightings(context, unit, { jid: device.jid, sightings });
  return false;
}
