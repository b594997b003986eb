import { isOmemoError, type SentMessage, textBody } from '@omemo-kit/omemo-core';
import { expectSame, type Model } from '../model.ts';
import { addressOf, type DeviceModel } from '../prediction/device-model.ts';
import { predictSend, type SendPrediction } from '../prediction/predict-send.ts';
import { ROOM } from '../setup.ts';
import type { Town } from '../town.ts';

/** A device writes to another account. */
export async function send(model: Model, town: Town, by: number, to: number): Promise<void> {
  const device = model.devices[by]!;
  const others = town.jids.filter((jid) => jid !== device.jid);
  await write(model, town, by, others[to % others.length]!);
}

export async function write(model: Model, town: Town, by: number, to: string): Promise<SendPrediction> {
  const device = model.devices[by]!;
  const { omemo } = town.residents[by]!;
  const wanted = predictSend(device, { jids: [to], enough: 'each' }, town.listed([to, device.jid], device));
  const text = `message ${model.texts.size + 1}`;
  const found = await outcomeOf(() => omemo.send({ to, content: [textBody(text)] }));
  compare(model, device, { to, text, found, wanted });
  return wanted;
}

/** A device writes to everybody who is in the lists of the room now; whoever is not in them cannot. */
export async function writeInRoom(model: Model, town: Town, by: number): Promise<void> {
  const device = model.devices[by]!;
  const { omemo } = town.residents[by]!;
  const jids = town.jids.filter((jid) => jid !== device.jid && town.isMember(jid));
  const wanted = predictSend(device, { jids, enough: 'any' }, town.listed([...jids, device.jid], device));
  const text = `message ${model.texts.size + 1}`;
  const found = await outcomeOf(() => omemo.rooms.room(ROOM).send({ content: [textBody(text)] }));
  compare(model, device, { to: ROOM, text, found, wanted });
}

function compare(
  model: Model,
  device: DeviceModel,
  sent: { readonly to: string; readonly text: string; readonly found: Found; readonly wanted: SendPrediction },
): void {
  const { to, text, found, wanted } = sent;
  if (found.id !== undefined) model.texts.set(found.id, text);
  expectSame(`${addressOf(device)} writes to ${to}`, outcome(found), outcome(wanted));
  if (wanted.refused === undefined) model.tally.result('sent');
  else model.tally.refusal(wanted.refused);
}

type Found = SendPrediction & { readonly id?: string };

function outcome({ refused, devices }: SendPrediction) {
  return { refused, devices: [...devices].sort() };
}

async function outcomeOf(send: () => Promise<Pick<SentMessage, 'id' | 'devices'>>): Promise<Found> {
  const addresses = (devices: readonly { readonly jid: string; readonly deviceId: number }[]) =>
    devices.map(({ jid, deviceId: id }) => addressOf({ jid, id }));
  try {
    const { id, devices } = await send();
    return { id, refused: undefined, devices: addresses(devices) };
  } catch (error) {
    if (isOmemoError(error, 'undecided-devices')) {
      return { refused: 'undecided-devices', devices: addresses(error.details.devices) };
    }
    if (isOmemoError(error, 'no-devices')) return { refused: 'no-devices', devices: [] };
    throw error;
  }
}
