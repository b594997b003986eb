import { type ReceiveResult, textOf } from '@omemo-kit/omemo-core';
import { copyOf } from '@omemo-kit/scenarios/stanzas';
import type { Element } from 'ltx';
import { type MessageOnWire, messageOnWire } from '../key-on-wire.ts';
import { expectSame, Mismatch, type Model } from '../model.ts';
import { addressOf, type DeviceModel, levelOf, meet } from '../prediction/device-model.ts';
import { isCrowded, predictReceive } from '../prediction/predict-receive.ts';
import type { Resident } from '../resident.ts';
import type { Town } from '../town.ts';

/** Results that tell that there is nothing to show, or that it cannot be read. */
const REFUSALS: ReadonlySet<string> = new Set(['duplicate', 'not-for-this-device', 'failed']);

/** A stanza comes to a device: the model says what the device makes of it. */
export async function deliver(
  model: Model,
  town: Town,
  by: number,
  arriving: { readonly stanza: Element; readonly delivery: 'live' | 'catch-up' },
): Promise<void> {
  const { stanza, delivery } = arriving;
  const device = model.devices[by]!;
  const resident = town.residents[by]!;
  const message = innermost(stanza);
  const wire = messageOnWire(stanza) as MessageOnWire;
  const writer = town.writerOf(stanza);
  const from = writer ?? String(message.attrs['from']).replace(/\/.*/, '');
  const sender = addressOf({ jid: from, id: wire.sid });
  const sessionOf = town.watchman.sessionOf.bind(town.watchman);
  const wanted = predictReceive(
    device,
    { from, inRoom: writer !== undefined, wire, sessionOf, delivery },
    town.skipping,
  );
  const result = await resident.omemo.receive(
    copyOf(stanza),
    writer === undefined ? { delivery } : { delivery, sender: writer },
  );
  const found = nameOf(result);
  if (found !== wanted.result && isCrowded(device, sender) && found.startsWith('failed')) {
    model.tally.refusal('one of too many sessions');
    return;
  }
  expectSame(`${addressOf(device)} receives from ${sender}`, found, wanted.result);
  if (REFUSALS.has(result.type)) model.tally.refusal(found);
  else model.tally.result(found);
  if (wanted.know === undefined || wanted.name === undefined) return;
  device.know = wanted.know;
  noteUsedPreKey(town, resident, { device, wire });
  const identity = town.identityOf(from, wire.sid) ?? 'nobody';
  meet(device, from, [identity]);
  if (result.type !== 'message' && result.type !== 'empty') return;
  expectSame('the trust of its sender', result.sender.trust, levelOf(device, from, identity));
  if (result.type === 'message') show(model, device, { result, name: wanted.name, stanzaId: message.attrs['id'] });
}

function show(
  model: Model,
  device: DeviceModel,
  read: { readonly result: ReceiveResult & { type: 'message' }; readonly name: string; readonly stanzaId: unknown },
): void {
  const { result, name, stanzaId } = read;
  const text = textOf(result.envelope);
  expectSame('the text', text, model.texts.get(String(stanzaId)));
  // Shown before only where an old copy of the store was put back, and under the same id then.
  const before = device.shown.get(name);
  if (before !== undefined) expectSame('the id of a message that is read again', result.id, before);
  device.shown.set(name, result.id);
  device.know = { ...device.know, inbox: new Set(device.know.inbox).add(name) };
}

/** It must never be published again. */
function noteUsedPreKey(
  town: Town,
  resident: Resident,
  { device, wire }: { readonly device: DeviceModel; readonly wire: MessageOnWire },
): void {
  const key = wire.keys.find(({ to, rid }) => to === device.jid && rid === device.id);
  if (key?.exchange !== undefined) town.watchman.used(resident, key.exchange.preKeyId);
}

function nameOf(result: ReceiveResult): string {
  if (result.type === 'duplicate') return `duplicate: ${result.evidence}`;
  return result.type === 'failed' ? `failed: ${result.code}` : result.type;
}

/** The message in a carbon copy, or the message itself. */
function innermost(stanza: Element): Element {
  const forwarded = (stanza.getChild('sent') ?? stanza.getChild('received'))?.getChild('forwarded');
  return forwarded?.getChild('message') ?? stanza;
}

/** What waits in the inbox is what was read and not acknowledged. */
export async function compareInbox(device: DeviceModel, resident: Resident): Promise<void> {
  const found = (await resident.omemo.inbox()).map(({ id }) => id).sort();
  const wanted = [...device.know.inbox].map((name) => device.shown.get(name)).sort();
  expectSame(`the inbox of ${addressOf(device)}`, found, wanted);
}

export function assertListened(resident: Resident): void {
  if (resident.errors.length > 0)
    throw new Mismatch(`a listener of ${resident.name} threw ${String(resident.errors[0])}`);
}
