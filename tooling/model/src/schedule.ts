import * as fc from 'fast-check';
import { calm } from './calm.ts';
import { anyEvent, type Event } from './event.ts';
import { checkTown, noteEmissions } from './invariants.ts';
import { type Model, STEPS } from './model.ts';
import type { Sabotage } from './sabotage.ts';
import { ACCOUNTS, anySetup, type Setup } from './setup.ts';
import { Step } from './step.ts';
import { addDevice } from './steps/devices.ts';
import { Tally } from './tally.ts';
import { Town } from './town.ts';

/** A world and what happens in it. Plain JSON. */
export interface Schedule {
  readonly setup: Setup;
  readonly events: readonly Event[];
}

/** More events than steps: some find nothing to happen to. */
const anySchedule = fc.record({
  setup: anySetup,
  events: fc.array(anyEvent, { minLength: 2 * STEPS, maxLength: 2 * STEPS }),
});

/** The schedule of a number. */
export function scheduleOf(seed: number): Schedule {
  const [schedule] = fc.sample(anySchedule, { seed, numRuns: 1 });
  return schedule!;
}

/** Runs a schedule against the model, up to where the town does not do what the model says: throws a Mismatch then. */
export async function runSchedule({ setup, events }: Schedule, sabotage: Sabotage = {}): Promise<Tally> {
  const tally = new Tally();
  await fc.asyncModelRun(async () => {
    const town = new Town(setup, sabotage);
    const model: Model = {
      devices: [],
      texts: new Map(),
      tally,
      ghosts: new Set(),
      steps: 0,
      replacements: 0,
      spoilt: 0,
    };
    for (const [index, policies] of setup.accounts.entries()) {
      for (const policy of policies) await addDevice(model, town, ACCOUNTS[index]!, policy);
    }
    noteEmissions(model, town);
    checkTown(model, town);
    return { model, real: town };
  }, withCalm(events));
  tally.schedules = 1;
  return tally;
}

/** After the last event the network calms. */
function withCalm(events: readonly Event[]): fc.AsyncCommand<Model, Town>[] {
  const last: fc.AsyncCommand<Model, Town> = {
    check: () => true,
    run: calm,
    toString: () => 'calm',
  };
  return [...events.map((event) => new Step(event)), last];
}
