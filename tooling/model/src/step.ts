import type * as fc from 'fast-check';
import type { Event } from './event.ts';
import { checkTown, noteEmissions } from './invariants.ts';
import { type Model, STEPS } from './model.ts';
import type { Resident } from './resident.ts';
import { MAX_DEVICES } from './setup.ts';
import { addDevice, changeMembership, removeDevice, takeOffList } from './steps/devices.ts';
import { backUp, copyStore, crash, putCopyBack, restore } from './steps/life.ts';
import { deliver } from './steps/receive.ts';
import { send, writeInRoom } from './steps/send.ts';
import { acknowledge, catchUp, decide, replace, rotate, settle } from './steps/upkeep.ts';
import type { Town } from './town.ts';

/** How often sessions are replaced by hand, and lists spoilt, in one schedule: more would be a test of limits. */
const MAX_REPLACEMENTS = 3;
const MAX_SPOILT = 3;
const MAX_MADE = 9;

/** An event as fast-check runs it: whether it can happen now is for the town to say when it comes. */
export class Step implements fc.AsyncCommand<Model, Town> {
  readonly event: Event;

  constructor(event: Event) {
    this.event = event;
  }

  check({ steps }: Readonly<Model>): boolean {
    return steps < STEPS;
  }

  async run(model: Model, town: Town): Promise<void> {
    town.now += 1_000;
    if (!(await happens(this.event, model, town))) return;
    model.steps++;
    model.tally.event(this.event.do);
    await town.quiet();
    noteEmissions(model, town);
    checkTown(model, town);
  }

  toString(): string {
    return JSON.stringify(this.event);
  }
}

/** False when there is nothing for it to happen to. */
async function happens(event: Event, model: Model, town: Town): Promise<boolean> {
  const { residents } = town;
  const by = 'by' in event ? event.by % residents.length : 0;
  const resident = residents[by]!;
  switch (event.do) {
    case 'send':
      for (let left = event.times; left > 0; left--) await send(model, town, by, event.to);
      return true;
    case 'receive':
      return stanzaEvent(town, event, async (at, list, index) => {
        const [stanza] = list.underWay.splice(index, 1);
        list.delivered.push(stanza!);
        await deliver(model, town, at, { stanza: stanza!, delivery: 'live' });
      });
    case 'drop':
      return stanzaEvent(town, event, async (_, { underWay }, index) => void underWay.splice(index, 1));
    case 'duplicate':
      return stanzaEvent(town, event, async (_, { underWay }, index) => void underWay.push(underWay[index]!));
    case 'replay': {
      const { delivered } = resident;
      if (delivered.length === 0) return false;
      await deliver(model, town, by, { stanza: delivered[event.pick % delivered.length]!, delivery: 'live' });
      return true;
    }
    case 'decide':
      if (model.devices[by]!.know.trust.size === 0) return false;
      await decide(model, town, by, event);
      return true;
    case 'replace':
      if (model.replacements >= MAX_REPLACEMENTS) return false;
      await replace(model, town, by, event.to);
      return true;
    case 'add-device':
      if (residents.length >= MAX_DEVICES || town.made >= MAX_MADE) return false;
      await addDevice(model, town, town.jids[event.to % town.jids.length]!, resident.policy);
      return true;
    case 'change-membership':
      await changeMembership(model, town, town.jids[1 + (event.to % (town.jids.length - 1))]!);
      return true;
    case 'write-in-room':
      if (!town.isMember(model.devices[by]!.jid)) return false;
      await writeInRoom(model, town, by);
      return true;
    case 'remove-device':
      if (residents.length <= 2) return false;
      await removeDevice(model, town, by);
      return true;
    case 'take-off-list':
      if (model.spoilt >= MAX_SPOILT) return false;
      model.spoilt++;
      await takeOffList(model, town, by);
      return true;
    case 'put-copy-back':
      return whereThereIs(town, by, 'copy', (at) => putCopyBack(model, town, at));
    case 'restore-backup':
      return whereThereIs(town, by, 'backup', (at) => restore(model, town, at));
    default:
      await BY_ITSELF[event.do](model, town, by);
      return true;
  }
}

const BY_ITSELF = {
  settle,
  acknowledge,
  crash,
  rotate,
  'catch-up': catchUp,
  'copy-store': async (model: Model, town: Town, by: number) => copyStore(model, town, by),
  'back-up': backUp,
} as const;

/** Does something with what was kept of the device chosen, or of the next one that anything was kept of. */
async function whereThereIs(
  { residents }: Town,
  by: number,
  what: 'copy' | 'backup',
  act: (at: number) => Promise<void>,
): Promise<boolean> {
  const turns = residents.map((_, turn) => (by + turn) % residents.length);
  const at = turns.find((one) => residents[one]?.[what] !== undefined);
  if (at === undefined) return false;
  await act(at);
  return true;
}

/** Does something to a stanza under way to the device chosen, or to the next one that has any. */
async function stanzaEvent(
  { residents }: Town,
  { by, pick }: { readonly by: number; readonly pick: number },
  act: (at: number, resident: Resident, index: number) => Promise<void>,
): Promise<boolean> {
  for (let turn = 0; turn < residents.length; turn++) {
    const at = (by + turn) % residents.length;
    const resident = residents[at]!;
    if (resident.underWay.length === 0) continue;
    await act(at, resident, pick % resident.underWay.length);
    return true;
  }
  return false;
}
