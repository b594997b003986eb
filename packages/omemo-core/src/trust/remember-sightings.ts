import type { AccountContext } from '../context.ts';
import { sameBytes } from '../records/bytes.ts';
import { type TrustRecord, trustRecord } from '../records/trust.ts';
import type { UnitOfWork } from '../storage/unit-of-work.ts';
import { fingerprint } from './fingerprint.ts';
import { knownDevice, noKeys, type Sighting, trustInDevice, withSightings } from './known-keys.ts';
import { namedPolicies } from './policy.ts';

/**
 * Remembers identity keys that devices of an account showed, judged by the policy for that account; written only when one is
 * new. Listeners are told of what waits for a person now: `identity-changed`, `undecided-devices`.
 */
export async function rememberSightings(
  context: AccountContext,
  unit: UnitOfWork,
  input: { readonly jid: string; readonly sightings: readonly Sighting[] },
): Promise<TrustRecord> {
  const { jid, sightings } = input;
  const key = context.keys.trust(jid);
  const before = (await unit.get(trustRecord, key)) ?? noKeys;
  const policy = before.policy === undefined ? context.policy : namedPolicies[before.policy];
  const judge = { policy, jid, own: jid === context.jid, now: context.now() };
  const after = withSightings(before, sightings, judge);
  if (after === before) return before;
  unit.put(trustRecord, key, after);
  tellChanges(unit, jid, { before, after });
  tellUndecided(unit, jid, { before, after });
  return after;
}

interface Records {
  readonly before: TrustRecord;
  readonly after: TrustRecord;
}

/** Once for each key that a device changes to (S22). */
function tellChanges(unit: UnitOfWork, jid: string, { before, after }: Records): void {
  for (const { deviceId, identityKey, changedTo } of after.devices) {
    if (changedTo === undefined) continue;
    const noted = knownDevice(before, deviceId)?.changedTo;
    if (noted !== undefined && sameBytes(noted, changedTo)) continue;
    unit.tell('identity-changed', {
      jid,
      deviceId,
      oldKey: identityKey,
      newKey: changedTo,
      oldFingerprint: fingerprint(identityKey),
      newFingerprint: fingerprint(changedTo),
    });
  }
}

/** Devices not met before that nothing is encrypted for until they are decided on (S51). */
function tellUndecided(unit: UnitOfWork, jid: string, { before, after }: Records): void {
  const fresh = after.devices.filter(
    ({ deviceId }) => knownDevice(before, deviceId) === undefined && trustInDevice(after, deviceId) === 'undecided',
  );
  if (fresh.length === 0) return;
  const devices = fresh.map(({ deviceId, identityKey }) => ({
    deviceId,
    identityKey,
    fingerprint: fingerprint(identityKey),
  }));
  unit.tell('undecided-devices', { jid, devices });
}
