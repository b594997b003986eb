import type { Comparison } from './comparison.ts';
import { OwnKeys } from './own-keys.ts';
import type { Recorded } from './recorded.ts';
import { addressOf, identityOf } from './recorded-device.ts';
import { RecordedTransport } from './recorded-transport.ts';
import { ReplayedDevice } from './replayed-device.ts';
import { sessionFromState } from './session-from-state.ts';
import { compareStoredState } from './session-of-recording.ts';

/** A fresh device of ours with recorded keys, that knows the device list of the other one. */
export async function openPrepared(own: Recorded, other: Recorded): Promise<ReplayedDevice> {
  const device = await ReplayedDevice.open({ secrets: new OwnKeys(own).secrets, transport: new RecordedTransport() });
  for (const { jid, deviceId } of [addressOf(own), addressOf(other)]) await device.knowDeviceList(jid, [deviceId]);
  return device;
}

/** Puts a recorded session with a device into the store of ours, and compares what is there then. */
export async function putState(
  device: ReplayedDevice,
  recorded: { readonly own: Recorded; readonly other: Recorded; readonly state: Recorded },
  compare: Comparison,
): Promise<void> {
  const { own, other, state } = recorded;
  const { session, skipped } = sessionFromState(state, other.get('ik_ed25519').bytes());
  const address = addressOf(other);
  await device.records.putSession(address, session, skipped);
  const ownIdentityKey = identityOf(own).publicKey;
  await compareStoredState(compare, { device, ownIdentityKey, other: address }, state);
}
