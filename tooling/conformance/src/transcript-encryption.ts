import { parseEncrypted, parseXml } from '@omemo-kit/omemo-wire';
import type { Comparison } from './comparison.ts';
import { canonicalXml } from './encrypted-xml.ts';
import type { Recorded } from './recorded.ts';
import { compareAgreement } from './recorded-agreement.ts';
import { addressOf } from './recorded-device.ts';
import { compareEncrypted, compareEncryption } from './recorded-encryption.ts';
import { compareStoredState, isNew } from './session-of-recording.ts';
import { endsOf, type TranscriptRole } from './transcript-role.ts';

/** An encrypt step: under the recorded draws every byte that leaves is the recorded one, and so is the state after. */
export async function replayEncryption(role: TranscriptRole, step: Recorded, compare: Comparison): Promise<void> {
  const { device, counts } = role;
  const other = addressOf(role.devices.get(step.get('to').text()));
  const before = await device.records.sessions(other);
  if (step.get('new_session').flag()) {
    if (before.length === 0) compare.differ('a new session is asked for, and there is none to replace');
    await device.replaceSessions(other);
  }
  const content = step.findSet('content');
  device.randomness.begin(step.get('draws').items());
  const encrypted =
    content === undefined
      ? await device.encryptEmpty(other)
      : await device.encrypt([other.jid], content.get('plaintext').bytes());
  counts.encrypt += 1;
  if (content === undefined) counts.empty += 1;

  const made = parseEncrypted(encrypted, other);
  compareEncrypted(compare, made, { step, sid: device.address.deviceId });
  const xml = step.find('xml');
  if (xml !== undefined) compare.value('xml', canonicalXml(encrypted), canonicalXml(parseXml(xml.text())));
  compareEncryption(compare, step);
  device.randomness.compareUnused(compare);

  const built = step.findSet('built');
  const [newest] = await device.records.sessions(other);
  compare.value('a session was built', isNew(newest, before), built !== undefined);
  if (built !== undefined) role.going = { ek: built.get('ek').text(), role: 'initiator' };
  const bundleXml = role.transport.bundle(other);
  if (built !== undefined && bundleXml !== undefined) {
    compareAgreement(compare, built, { identityKeyPair: role.keys.identityKeyPair, bundleXml });
  }
  const state = step.find('state_after');
  if (state !== undefined) await compareStoredState(compare, endsOf(role, other), state);
}
