import type { Comparison } from '../comparison.ts';
import { type Delivery, deliver, judgeDelivery } from '../delivery.ts';
import { encryptedFor } from '../encrypted-xml.ts';
import { hasShape, type Kind, type Replay } from '../kind.ts';
import { openPrepared, putState } from '../prepared-device.ts';
import type { Recorded } from '../recorded.ts';
import { addressOf } from '../recorded-device.ts';
import { comparePayload } from '../recorded-payload.ts';
import type { ReplayedDevice } from '../replayed-device.ts';

/** So many cases at the end follow each other; all before them start from the recorded state. */
const FOLLOWING = 4;

/** Damaged, replayed and reflected messages for a device with a session, and a few honest ones. */
export const refusedMessages: Kind = {
  name: 'refused-messages',
  matches: (file) => hasShape(file, { members: ['state', 'payload'], cases: ['wire', 'expect'] }),
  async replay(file, replay) {
    const payloads = payloadsOf(file);
    for (const [name, payload] of payloads) {
      await replay.step(`payload ${name}`, (compare) => comparePayload(compare, payload));
    }
    const device = await openPrepared(file.get('bob'), file.get('alice'));
    const recorded = { own: file.get('bob'), other: file.get('alice'), state: file.get('state') };
    await replay.step('state', (compare) => putState(device, recorded, compare));
    const start = device.records.snapshot();
    const cases = file.get('cases').items();
    for (const [index, entry] of cases.entries()) {
      if (index <= cases.length - FOLLOWING) device.records.restore(start);
      await replay.step(`case ${index} (${entry.get('what').text()})`, (compare) =>
        replayCase(entry, { device, sender: file.get('alice'), payloads, compare, replay }),
      );
    }
    await device.close();
    return { cases: cases.length };
  },
};

function payloadsOf(file: Recorded): ReadonlyMap<string, Recorded> {
  const others = file.find('payloads_of_others');
  return new Map([
    ['', file.get('payload')] as const,
    ...(others?.names() ?? []).map((name) => [name, others!.get(name)] as const),
  ]);
}

interface Surroundings {
  readonly device: ReplayedDevice;
  readonly sender: Recorded;
  readonly payloads: ReadonlyMap<string, Recorded>;
  readonly compare: Comparison;
  readonly replay: Replay;
}

/**
 * Which payload came with a message is only told in the case's text, if at all. So the payload that the text names is
 * tried first and then the others: an honest message must be read with one of them, a bad one with none.
 */
async function replayCase(entry: Recorded, surroundings: Surroundings): Promise<void> {
  const { device, payloads, compare, replay } = surroundings;
  const what = entry.get('what').text();
  const expect = entry.get('expect').oneOf('accept', 'refuse', 'either');
  const named = [...payloads]
    .sort(([a], [b]) => matchLength(what, b) - matchLength(what, a))
    .map(([, payload]) => payload);
  const before = device.records.snapshot();
  for (const [index, payload] of named.entries()) {
    const delivered = await deliverWith(payload, entry, surroundings);
    const last = index === named.length - 1;
    if (expect === 'accept' && delivered.result.type !== 'message' && !last) {
      device.records.restore(before);
      continue;
    }
    judgeDelivery(delivered, { expect, plaintext: payload.get('plaintext').bytes(), compare, replay });
    if (expect !== 'refuse') return;
  }
}

async function deliverWith(payload: Recorded, entry: Recorded, { device, sender }: Surroundings): Promise<Delivery> {
  const { jid, deviceId: sid } = addressOf(sender);
  const message = { sid, kex: false, key: entry.get('wire').bytes(), payload: payload.get('ciphertext').bytes() };
  return deliver(device, jid, encryptedFor(device.address, message));
}

/** How much of the text a payload's name explains. */
function matchLength(what: string, name: string): number {
  return what.includes(name) ? name.length : -1;
}
