import { parseXml } from '@omemo-kit/omemo-wire';
import type { Comparison } from './comparison.ts';
import { compareContent, compareUnchanged, type Delivery, deliver, isRefused } from './delivery.ts';
import { FormatError } from './format-error.ts';
import type { Recorded } from './recorded.ts';
import { utf8, type WorldRole } from './world-role.ts';

/** A receive event of ours: the recorded message of another device arrives. */
export async function replayReceive(role: WorldRole, event: Recorded, compare: Comparison): Promise<void> {
  const { device, world } = role;
  const sent = event.get('event').count();
  const message = world.events.get(sent);
  if (message === undefined) throw new FormatError(`${event.place}: there is no event ${sent}`);
  const from = message.get('from').text();
  compare.value('from', from, event.get('from').text());
  for (const answer of event.find('answers')?.items() ?? []) compareAnswer(compare, role, answer);
  device.randomness.begin(event.find('draws')?.items() ?? []);
  const delivery = await deliver(device, from, parseXml(message.get('xml').text()));
  const received = { sent, delivery, plaintext: message.findSet('plaintext') };
  if (event.get('expect').oneOf('ok', 'refuse') === 'refuse') {
    expectRefusal(role, received, compare);
    return;
  }
  expectRead(role, received, compare);
  compare.value('plaintext', message.findSet('plaintext')?.text(), event.findSet('plaintext')?.text());
  // Keys of the bundle are taken from what was published, however many were drawn for it.
  device.randomness.compareUnused(compare, ['ratchet_priv']);
}

/** An answer is an automatic message of this device's own. */
function compareAnswer(compare: Comparison, { name, world }: WorldRole, answer: Recorded): void {
  const event = world.events.get(answer.count());
  compare.value(`answer ${answer.count()} by`, event?.get('by').text(), name);
  compare.value(`answer ${answer.count()} automatic`, event?.get('automatic').flag(), true);
}

interface Received {
  /** Number of the send event, and what was sent. */
  readonly sent: number;
  readonly plaintext: Recorded | undefined;
  readonly delivery: Delivery;
}

function expectRead(role: WorldRole, { sent, delivery, plaintext }: Received, compare: Comparison): void {
  if (plaintext === undefined) role.counts.empty += 1;
  else role.counts.received += 1;
  if (delivery.result.type === 'duplicate' && role.read.has(sent)) {
    role.deviation('read in the recording, a duplicate here of what was read before');
    compareUnchanged(compare, delivery);
    return;
  }
  if (compareContent(compare, delivery, plaintext && utf8(plaintext))) role.read.add(sent);
}

function expectRefusal(role: WorldRole, { sent, delivery, plaintext }: Received, compare: Comparison): void {
  role.counts.refused += 1;
  const { type } = delivery.result;
  if (isRefused(delivery.result)) {
    if (type === 'duplicate') role.deviation('refused in the recording, a duplicate here');
    compareUnchanged(compare, delivery);
    return;
  }
  if (role.read.has(sent)) compare.differ(`${type}, though it was read before`);
  if (!compareContent(compare, delivery, plaintext && utf8(plaintext))) return;
  role.read.add(sent);
  role.deviation('refused in the recording, read here by a kept session');
}
