import { isOmemoError, type SettleFailure } from '@omemo-kit/omemo-core';
import type { TrustLevel } from '@omemo-kit/omemo-core/records';
import { Mismatch, type Model } from '../model.ts';
import { addressOf } from '../prediction/device-model.ts';
import type { Town } from '../town.ts';
import { compareInbox, deliver } from './receive.ts';

/** What is owed is paid; only answers to devices that are gone may be left. */
export async function settle(model: Model, town: Town, by: number): Promise<void> {
  const failures = await town.residents[by]!.omemo.settle();
  const bad = failures.find((failure) => !isToNobody(town, failure));
  if (bad !== undefined) {
    throw new Mismatch(`${addressOf(model.devices[by]!)} cannot settle ${bad.debt}: ${String(bad.cause)}`);
  }
}

function isToNobody(town: Town, { debt, cause }: SettleFailure): boolean {
  if (debt !== 'answer' || !isOmemoError(cause, 'bundle-unavailable')) return false;
  const { jid, deviceId } = cause.details;
  return !town.listedIds(jid).includes(deviceId);
}

export async function acknowledge(model: Model, town: Town, by: number): Promise<void> {
  const { omemo } = town.residents[by]!;
  const device = model.devices[by]!;
  await compareInbox(device, town.residents[by]!);
  await omemo.ack((await omemo.inbox()).map(({ id }) => id));
  device.know = { ...device.know, inbox: new Set() };
}

/** A decision on one of the identity keys that the device has met. */
export async function decide(
  model: Model,
  town: Town,
  by: number,
  which: { pick: number; level: TrustLevel },
): Promise<void> {
  const device = model.devices[by]!;
  const met = [...device.know.trust].flatMap(([jid, keys]) => [...keys.keys()].map((identity) => ({ jid, identity })));
  const chosen = met[which.pick % met.length];
  if (chosen === undefined) return;
  await decideOn(model, town, by, { ...chosen, level: which.level });
}

export async function decideOn(
  model: Model,
  town: Town,
  by: number,
  decision: { readonly jid: string; readonly identity: string; readonly level: TrustLevel },
): Promise<void> {
  const device = model.devices[by]!;
  const { jid, identity, level } = decision;
  const identityKey = new Uint8Array(Buffer.from(identity, 'hex'));
  await town.residents[by]!.omemo.setTrust({ jid, identityKey, level });
  const keys = new Map(device.know.trust.get(jid)).set(identity, level);
  device.know = { ...device.know, trust: new Map(device.know.trust).set(jid, keys) };
}

export async function rotate(model: Model, town: Town, by: number): Promise<void> {
  const device = model.devices[by]!;
  await town.residents[by]!.omemo.rotateSignedPreKey();
  device.know = { ...device.know, lastSignedPreKeyId: device.know.lastSignedPreKeyId + 1 };
}

export async function replace(model: Model, town: Town, by: number, to: number): Promise<void> {
  const jid = town.jids[to % town.jids.length]!;
  await town.residents[by]!.omemo.replaceSessions({ jid });
  model.replacements++;
  const device = model.devices[by]!;
  const replaced = [...device.know.sessions].filter(([address]) => address.startsWith(`${jid}/`));
  const names = replaced.flatMap(([, sessions]) => [...sessions.keys()]);
  device.know = { ...device.know, retired: new Set([...device.know.retired, ...names]) };
}

/** All that is under way is read as out of an archive; then the pre-keys that it used are gone (XEP-0384 section 6). */
export async function catchUp(model: Model, town: Town, by: number): Promise<void> {
  const resident = town.residents[by]!;
  const device = model.devices[by]!;
  for (const stanza of resident.underWay.splice(0)) {
    resident.delivered.push(stanza);
    await deliver(model, town, by, { stanza, delivery: 'catch-up' });
  }
  await resident.omemo.finishCatchUp();
  device.know = { ...device.know, retained: new Set() };
  await settle(model, town, by);
}
