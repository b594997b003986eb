import { Mismatch, type Model } from './model.ts';
import { noChains } from './prediction/chains.ts';
import { addressOf, type DeviceModel, levelOf, PRE_KEYS, withSession } from './prediction/device-model.ts';
import { isTrusted } from './prediction/trust.ts';
import { assertListened } from './steps/receive.ts';
import { storeBound } from './store-bound.ts';
import type { Town } from './town.ts';

/** What went out since the last step: the sender's model learns of it, and nothing of it is for a device that is not trusted. */
export function noteEmissions(model: Model, town: Town): void {
  for (const { jid, wire, sessions } of town.watchman.emitted()) {
    const at = town.residents.findIndex(({ connection }) => connection.jid === jid);
    const device = model.devices[at];
    if (device === undefined) continue;
    let know = { ...device.know, spent: device.know.spent + 1 };
    for (const key of wire.keys) {
      const to = addressOf({ jid: key.to, id: key.rid });
      const session = sessions.get(key.authenticated);
      if (session !== undefined && !know.sessions.get(to)?.has(session))
        know = withSession(know, to, session, noChains);
      if (session !== undefined && device.know.retired.has(session)) {
        throw new Mismatch(`${addressOf(device)} wrote to ${to} over a session that was replaced by hand`);
      }
      if (wire.content) assertTrusted(device, { jid: key.to, identity: town.identityOf(key.to, key.rid) ?? 'nobody' });
    }
    device.know = know;
  }
}

function assertTrusted(device: DeviceModel, to: { readonly jid: string; readonly identity: string }): void {
  if (isTrusted(levelOf(device, to.jid, to.identity))) return;
  throw new Mismatch(`${addressOf(device)} encrypted to a device of ${to.jid} that it does not trust`);
}

/** What holds at any time. */
export function checkTown(model: Model, town: Town): void {
  const [problem] = town.watchman.problems;
  if (problem !== undefined) throw new Mismatch(problem);
  for (const [index, resident] of town.residents.entries()) {
    assertListened(resident);
    const offered = town.published(resident)?.preKeyIds.length ?? 0;
    if (offered < PRE_KEYS) throw new Mismatch(`${resident.name} offers ${offered} pre-keys`);
    const { usedBytes } = resident.memory;
    model.tally.largestStore = Math.max(model.tally.largestStore, usedBytes);
    const bound = storeBound(model.devices[index]!);
    if (usedBytes > bound) throw new Mismatch(`${resident.name} stores ${usedBytes} bytes, more than ${bound}`);
  }
}
