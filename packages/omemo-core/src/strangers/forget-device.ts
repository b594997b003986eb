import type { AccountContext } from '../context.ts';
import type { DeviceAddress } from '../messages/addresses.ts';
import { sameBytes } from '../records/bytes.ts';
import { seenRecord } from '../records/delivery.ts';
import { sessionSetRecord } from '../records/session.ts';
import { skippedRecord } from '../records/skipped.ts';
import { type TrustRecord, trustRecord } from '../records/trust.ts';
import type { UnitOfWork } from '../storage/unit-of-work.ts';
import { forgetOptOut } from './forget-opt-out.ts';

/**
 * Removes all that is stored of a device: sessions, skipped keys, the memory of its messages, what is owed to it, its
 * identity key; with the last device of an account the account's device list and what it asked for. What a person decided about a key
 * stays.
 */
export async function forgetDevice(context: AccountContext, unit: UnitOfWork, device: DeviceAddress): Promise<void> {
  const { keys } = context;
  const { jid, deviceId } = device;
  const sessionKey = keys.session(jid, deviceId);
  // Read, so that another process that is reading a message of the device at this moment starts again.
  await unit.get(sessionSetRecord, sessionKey);
  unit.remove(sessionKey);
  unit.remove(keys.answerDebt(jid, deviceId));
  for (const { key } of await unit.list(skippedRecord, keys.skippedOf(jid, deviceId))) unit.remove(key);
  for (const { key } of await unit.list(seenRecord, keys.seenOf(jid, deviceId))) unit.remove(key);
  const trust = await unit.get(trustRecord, keys.trust(jid));
  const left = trust && without(trust, deviceId);
  if (left === undefined || left.devices.length === 0) await forgetOptOut(context, unit, jid);
  if (left !== undefined && left.devices.length + left.keys.length > 0) {
    unit.put(trustRecord, keys.trust(jid), left);
    return;
  }
  const chosen = left !== undefined && (left.policy !== undefined || left.expected.length > 0);
  if (chosen) unit.put(trustRecord, keys.trust(jid), left);
  else unit.remove(keys.trust(jid));
  unit.remove(keys.deviceList(jid));
  unit.remove(keys.refreshDebt(jid));
}

/** `trusted` is what the policy said of a stranger's key, and it will say so again. */
function without(trust: TrustRecord, deviceId: number): TrustRecord {
  const devices = trust.devices.filter((device) => device.deviceId !== deviceId);
  const shown = (key: Uint8Array) =>
    devices.some(
      ({ identityKey, changedTo }) =>
        sameBytes(identityKey, key) || (changedTo !== undefined && sameBytes(changedTo, key)),
    );
  const decided = new Set(['verified', 'distrusted']);
  return { ...trust, devices, keys: trust.keys.filter((key) => decided.has(key.level) || shown(key.identityKey)) };
}
