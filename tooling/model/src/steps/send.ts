import { isOmemoError, type Omemo, textBody } from '@omemo-kit/omemo-core';
import { expectSame, type Model } from '../model.ts';
import { addressOf } from '../prediction/device-model.ts';
import { predictSend, type SendPrediction } from '../prediction/predict-send.ts';
import type { Town } from '../town.ts';

/** A device writes to another account. */
export async function send(model: Model, town: Town, by: number, to: number): Promise<void> {
  const device = model.devices[by]!;
  const others = town.jids.filter((jid) => jid !== device.jid);
  await write(model, town, by, others[to % others.length]!);
}

export async function write(model: Model, town: Town, by: number, to: string): Promise<SendPrediction> {
  const device = model.devices[by]!;
  const wanted = predictSend(device, to, town.listed([to, device.jid], device));
  const text = `message ${model.texts.size + 1}`;
  const found = await outcomeOf(town.residents[by]!.omemo, to, text);
  if (found.id !== undefined) model.texts.set(found.id, text);
  expectSame(`${addressOf(device)} writes to ${to}`, outcome(found), outcome(wanted));
  if (wanted.refused === undefined) model.tally.result('sent');
  else model.tally.refusal(wanted.refused);
  return wanted;
}

function outcome({ refused, devices }: SendPrediction) {
  return { refused, devices: [...devices].sort() };
}

async function outcomeOf(omemo: Omemo, to: string, text: string): Promise<SendPrediction & { readonly id?: string }> {
  const addresses = (devices: readonly { readonly jid: string; readonly deviceId: number }[]) =>
    devices.map(({ jid, deviceId: id }) => addressOf({ jid, id }));
  try {
    const { id, devices } = await omemo.send({ to, content: [textBody(text)] });
    return { id, refused: undefined, devices: addresses(devices) };
  } catch (error) {
    if (isOmemoError(error, 'undecided-devices')) {
      return { refused: 'undecided-devices', devices: addresses(error.details.devices) };
    }
    if (isOmemoError(error, 'no-devices')) return { refused: 'no-devices', devices: [] };
    throw error;
  }
}
