import { recordKeys, sessionSetRecord } from '@omemo-kit/omemo-core/records';
import { hex } from '@omemo-kit/scenarios/spent-keys';
import { checkTown, noteEmissions } from './invariants.ts';
import { expectSame, Mismatch, type Model } from './model.ts';
import { addressOf, levelOf } from './prediction/device-model.ts';
import { compareInbox, deliver } from './steps/receive.ts';
import { write } from './steps/send.ts';
import { decideOn, settle } from './steps/upkeep.ts';
import type { Town } from './town.ts';

/** Exchanges after which both sides are to use one session. */
const MAX_EXCHANGES = 10;

/** Milliseconds. */
const HOUR = 3_600_000;

/**
 * The network calms: all that is under way arrives, everything that waits for a decision is decided, and everybody writes
 * to everybody in turns until both sides of every pair send over one session.
 */
export async function calm(model: Model, town: Town): Promise<void> {
  town.races = 'off';
  town.now += HOUR;
  await deliverAll(model, town);
  for (let exchange = 1; ; exchange++) {
    // What may be done once an hour may be done again.
    town.now += HOUR;
    const wrote = await everybodyWrites(model, town);
    const apart = disagreement(model, town, wrote);
    model.tally.exchanges = Math.max(model.tally.exchanges, exchange);
    if (apart === undefined) break;
    if (exchange === MAX_EXCHANGES) throw new Mismatch(`after ${exchange} exchanges ${apart}`);
  }
  for (const [index, device] of model.devices.entries()) await compareInbox(device, town.residents[index]!);
  for (const jid of town.jids) {
    const living = model.devices.filter((device) => device.jid === jid).map(({ id }) => id);
    const ghosts = [...model.ghosts].filter((one) => one.startsWith(`${jid}/`)).map((one) => Number(one.split('/')[1]));
    const found = new Set(town.listedIds(jid));
    // Whoever takes a device off the list may take a ghost along.
    for (const id of ghosts) if (!living.includes(id)) found.delete(id);
    expectSame(`the list of ${jid}`, [...found].sort(), living.sort());
  }
}

async function deliverAll(model: Model, town: Town): Promise<void> {
  for (let round = 0; round < 20; round++) {
    for (const [index, resident] of town.residents.entries()) {
      await settle(model, town, index);
      await afterwards(model, town);
      for (const stanza of resident.underWay.splice(0)) {
        await deliver(model, town, index, { stanza, delivery: 'live' });
        await afterwards(model, town);
      }
    }
    if (town.residents.every(({ underWay }) => underWay.length === 0) && round > 0) return;
  }
  throw new Mismatch('the network does not come to rest');
}

async function afterwards(model: Model, town: Town): Promise<void> {
  await town.quiet();
  noteEmissions(model, town);
  checkTown(model, town);
}

/** Who has written to which accounts, by `jid/id jid`; what is for another account is for the own devices too. */
async function everybodyWrites(model: Model, town: Town): Promise<ReadonlySet<string>> {
  const wrote = new Set<string>();
  for (const index of model.devices.keys()) {
    for (const jid of town.jids.filter((one) => one !== model.devices[index]!.jid)) {
      if (town.listedIds(jid).length === 0) continue;
      let { refused } = await write(model, town, index, jid);
      if (refused === 'undecided-devices') {
        await decideAll(model, town, index);
        ({ refused } = await write(model, town, index, jid));
      }
      await deliverAll(model, town);
      if (refused !== undefined) continue;
      const { jid: own } = model.devices[index]!;
      for (const reader of [jid, own]) wrote.add(`${addressOf(model.devices[index]!)} ${reader}`);
    }
  }
  return wrote;
}

/** A person looks at every key that waits and finds it right. */
async function decideAll(model: Model, town: Town, by: number): Promise<void> {
  for (const [jid, keys] of model.devices[by]!.know.trust) {
    for (const [identity, level] of keys) {
      if (level === 'undecided') await decideOn(model, town, by, { jid, identity, level: 'verified' });
    }
  }
}

/** A pair of devices that write to each other over different sessions, in words. */
function disagreement(model: Model, town: Town, wrote: ReadonlySet<string>): string | undefined {
  for (const a of model.devices) {
    for (const b of model.devices) {
      if (a === b || addressOf(a) > addressOf(b)) continue;
      // Who does not write to the other has no reason to agree with it.
      if (!wrote.has(`${addressOf(a)} ${b.jid}`) || !wrote.has(`${addressOf(b)} ${a.jid}`)) continue;
      if ([levelOf(a, b.jid, b.identity), levelOf(b, a.jid, a.identity)].includes('distrusted')) continue;
      const [ab, ba] = [sendingSession(model, town, a, b), sendingSession(model, town, b, a)];
      if (ab === undefined || ab !== ba) return `${addressOf(a)} and ${addressOf(b)} use different sessions`;
    }
  }
  return undefined;
}

function sendingSession(
  { devices }: Model,
  town: Town,
  from: Model['devices'][number],
  to: Model['devices'][number],
): string | undefined {
  const key = recordKeys(from.jid).session(to.jid, to.id);
  const record = town.residents[devices.indexOf(from)]!.memory.snapshot().find((one) => one.key === key);
  const sessions = record === undefined ? [] : sessionSetRecord.decode(record).sessions;
  const sending = sessions.find(({ standing }) => standing === 'live');
  return sending === undefined ? undefined : hex(sending.id);
}
