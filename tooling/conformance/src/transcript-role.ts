import { FormatError } from './format-error.ts';
import type { Replay } from './kind.ts';
import { OwnKeys } from './own-keys.ts';
import type { Recorded } from './recorded.ts';
import { type Address, addressOf } from './recorded-device.ts';
import { RecordedTransport } from './recorded-transport.ts';
import { ReplayedDevice } from './replayed-device.ts';
import type { SessionEnds } from './session-of-recording.ts';
import type { TranscriptCounts } from './transcript-counts.ts';

/** A transcript with one of its devices in our hands. */
export interface TranscriptRole {
  readonly name: string;
  readonly device: ReplayedDevice;
  readonly transport: RecordedTransport;
  readonly keys: OwnKeys;
  readonly devices: Recorded;
  /** The encrypt steps of both devices, by number of the message. */
  readonly messages: ReadonlyMap<number, Recorded>;
  readonly counts: TranscriptCounts;
  /** Numbers of the messages this device has read. */
  readonly read: Set<number>;
  /** The session that the recording goes on with: its ephemeral key in hex and whether we sent the key exchange. */
  going: { readonly ek: string; readonly role: 'initiator' | 'recipient' } | undefined;
  deviation: Replay['deviation'];
}

export async function openTranscriptRole(
  name: string,
  options: { readonly file: Recorded; readonly counts: TranscriptCounts; readonly deviation: Replay['deviation'] },
): Promise<TranscriptRole> {
  const { file, counts, deviation } = options;
  const devices = file.get('devices');
  const keys = new OwnKeys(devices.get(name));
  const transport = new RecordedTransport();
  const maxSkip = file.get('max_skip').count();
  const device = await ReplayedDevice.open({ secrets: keys.secrets, transport, maxSkip });
  const addresses = devices.names().map((one) => addressOf(devices.get(one)));
  for (const { jid } of addresses) {
    await device.knowDeviceList(
      jid,
      addresses.filter((address) => address.jid === jid).map(({ deviceId }) => deviceId),
    );
  }
  for (const one of devices.names()) publishBundle(transport, devices.get(one));
  const messages = new Map<number, Recorded>();
  for (const step of file.get('steps').items()) {
    if (step.get('op').value === 'encrypt') messages.set(step.get('message').count(), step);
  }
  return { name, device, transport, keys, devices, messages, counts, read: new Set(), going: undefined, deviation };
}

export function publishBundle(transport: RecordedTransport, device: Recorded): void {
  transport.publishBundle(addressOf(device), device.get('bundle_xml').text());
}

/** The device at the other end of the conversation. */
export function otherOf({ name, devices }: TranscriptRole): Address {
  const [other, ...more] = devices.names().filter((one) => one !== name);
  if (other === undefined || more.length > 0) throw new FormatError('a transcript is of two devices');
  return addressOf(devices.get(other));
}

export function endsOf({ device, keys }: TranscriptRole, other: Address): SessionEnds {
  return { device, ownIdentityKey: keys.identityKeyPair.publicKey, other };
}
