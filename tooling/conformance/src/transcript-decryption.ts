import type { Session } from '@omemo-kit/omemo-core';
import { decodeKeyExchange } from '@omemo-kit/omemo-wire';
import type { Comparison } from './comparison.ts';
import { compareContent, compareUnchanged, type Delivery, deliver, isRefused } from './delivery.ts';
import { encryptedFor } from './encrypted-xml.ts';
import { FormatError } from './format-error.ts';
import { toHex } from './hex.ts';
import type { Recorded } from './recorded.ts';
import { type Address, addressOf } from './recorded-device.ts';
import { compareStoredState, isNew, isSame } from './session-of-recording.ts';
import { endsOf, type TranscriptRole } from './transcript-role.ts';

/** One decrypt step, what it delivered and what happened around it. */
interface Decryption {
  readonly role: TranscriptRole;
  readonly compare: Comparison;
  readonly step: Recorded;
  /** Number of the message and its encrypt step. */
  readonly number: number;
  readonly message: Recorded;
  readonly wire: Uint8Array;
  readonly sender: Address;
  readonly delivery: Delivery;
  /** Sessions with the sender, the one used last first. */
  readonly before: readonly Session[];
  readonly after: readonly Session[];
}

/** A decrypt step: the recorded bytes arrive, and what becomes of them is held against the recording. */
export async function replayDecryption(role: TranscriptRole, step: Recorded, compare: Comparison): Promise<void> {
  const { device } = role;
  const number = step.get('message').count();
  const message = role.messages.get(number) ?? unsent(step, number);
  compare.value('sender', step.get('sender').text(), message.get('by').text());
  const sender = addressOf(role.devices.get(step.get('sender').text()));
  const wire = (step.find('wire') ?? message.get('wire')).bytes();
  const encrypted = encryptedFor(device.address, {
    sid: sender.deviceId,
    kex: message.get('kex').flag(),
    key: wire,
    payload: message.findSet('content')?.get('ciphertext').bytes(),
  });
  const before = await device.records.sessions(sender);
  device.randomness.begin(step.get('draws').items());
  const delivery = await deliver(device, sender.jid, encrypted);
  const after = await device.records.sessions(sender);
  const decryption = { role, compare, step, number, message, wire, sender, delivery, before, after };
  if (step.get('expect').oneOf('ok', 'refuse') === 'ok') await expectRead(decryption);
  else expectRefusal(decryption);
}

function unsent(step: Recorded, number: number): never {
  throw new FormatError(`${step.place}: message ${number} is never sent`);
}

async function expectRead(decryption: Decryption): Promise<void> {
  const { role, compare, step, number, delivery, sender } = decryption;
  if (delivery.result.type === 'duplicate' && role.read.has(number)) {
    role.deviation('read in the recording, a duplicate here of what was read before');
    countRead(decryption);
    follow(decryption);
    compareUnchanged(compare, delivery);
    return;
  }
  if (!compareContent(compare, delivery, plaintextOf(decryption))) return;
  compareRecordedContent(decryption);
  compareSession(decryption);
  role.device.randomness.compareUnused(compare);
  role.read.add(number);
  countRead(decryption);
  follow(decryption);
  const state = step.find('state_after');
  if (state !== undefined) await compareStoredState(compare, endsOf(role, sender), state);
}

function expectRefusal(decryption: Decryption): void {
  const { role, compare, step, number, delivery, before, after } = decryption;
  const { type } = delivery.result;
  role.counts.refused += 1;
  if (isRefused(delivery.result)) {
    if (type === 'duplicate') role.deviation('refused in the recording, a duplicate here');
    compareUnchanged(compare, delivery);
    return;
  }
  // python-omemo has one session with a device. One that we kept may read what it cannot: genuine bytes, for the first
  // time, with the recorded plaintext, and without a trace in the session that the recording goes on with.
  if (step.has('forged')) compare.differ(`${type}, though forged`);
  if (role.read.has(number)) compare.differ(`${type}, though it was read before`);
  if (before.length < 2) compare.differ(`${type}, and no kept session was there to read it`);
  const going = goingIn(role, before);
  if (!after.some((session) => isSame(going, session)))
    compare.differ('the session that the recording goes on with changed');
  if (!compareContent(compare, delivery, plaintextOf(decryption))) return;
  role.read.add(number);
  role.deviation('refused in the recording, read here by a kept session');
}

function plaintextOf({ message }: Decryption): Uint8Array | undefined {
  return message.findSet('content')?.get('plaintext').bytes();
}

/** What the delivery records is what the sender recorded, and its key agreement the one that our keys make. */
function compareRecordedContent({ compare, step, message, wire, role }: Decryption): void {
  compare.value('plaintext', message.findSet('content')?.get('plaintext').text(), step.find('plaintext')?.text());
  for (const name of ['key_material', 'message_key']) {
    if (step.has(name)) compare.value(name, message.get(name).text(), step.get(name).text());
  }
  const x3dh = step.findSet('x3dh');
  if (x3dh === undefined) return;
  const { sharedSecret, associatedData } = role.keys.accept(wire);
  compare.member(x3dh, 'shared_secret', sharedSecret.expose());
  compare.member(x3dh, 'associated_data', associatedData);
}

/** Whether a session was built, replaced or used. */
function compareSession({ compare, step, before, after }: Decryption): void {
  const made = !isNew(after[0], before) ? 'existing' : before.length === 0 ? 'built' : 'replaced';
  compare.value('session', made, step.get('session').oneOf('built', 'existing', 'replaced'));
}

function countRead(decryption: Decryption): void {
  const { role, number } = decryption;
  role.counts.ok += 1;
  role.counts.read.add(number);
  if (isRatchetStep(decryption)) role.counts.dhSteps += 1;
}

/** The recording goes on with the session that this delivery built. */
function follow({ role, step, wire }: Decryption): void {
  if (step.get('session').value !== 'existing')
    role.going = { ek: toHex(decodeKeyExchange(wire).ek), role: 'recipient' };
}

function goingIn({ going }: TranscriptRole, sessions: readonly Session[]): Session | undefined {
  return sessions.find(({ ephemeralKey, role }) => toHex(ephemeralKey) === going?.ek && role === going.role);
}

/** Whether the session that the recording goes on with got another ratchet key of the other side. */
function isRatchetStep({ role, before, after, step }: Decryption): boolean {
  const key = (sessions: readonly Session[]) => goingIn(role, sessions)?.ratchet.otherRatchetKey;
  const [old, now] = [key(before), key(after)];
  if (old === undefined) return false;
  return step.get('session').value !== 'existing' || now === undefined || toHex(old) !== toHex(now);
}
