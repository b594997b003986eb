/** A step as it was timed. */
export interface Timed {
  /** Microseconds by the clock. */
  readonly us: number;
  /** Whether the system gave the processor to somebody else meanwhile. */
  readonly disturbed: boolean;
}

export function time(step: () => void): Timed {
  const switches = switchesSoFar();
  const start = process.hrtime.bigint();
  step();
  const us = Number(process.hrtime.bigint() - start) / 1000;
  return { us, disturbed: switchesSoFar() !== switches };
}

/** Makes what is run once, outside of the clock. */
export type Prepare = () => (() => unknown) | Promise<() => unknown>;

/** Microseconds for one of the units that a run does, which may wait. */
export async function timeAwaited(prepare: Prepare, units: number): Promise<number> {
  const run = await prepare();
  const start = process.hrtime.bigint();
  await run();
  return Number(process.hrtime.bigint() - start) / 1000 / units;
}

/** What takes longer than the turns that a busy system gives is disturbed each time: it is not tried again. */
const LONGEST_TRIES_US = 6_000;

/**
 * The first undisturbed one of some tries, or else the shortest of them. On a machine where others are at work most short steps go
 * through in one piece; a mean over those that do not says more about the others.
 * @param prepare makes the step of each try
 */
export function timeUndisturbed(prepare: () => () => void, tries: number): number {
  let shortest = Number.POSITIVE_INFINITY;
  for (let attempt = 0, spent = 0; attempt < tries && spent < LONGEST_TRIES_US; attempt++) {
    const { us, disturbed } = time(prepare());
    if (!disturbed) return us;
    spent += us;
    shortest = Math.min(shortest, us);
  }
  return shortest;
}

/** Microseconds of the processor, in all threads: on a busy machine the engine's compiler gets as little of it as we do. */
export function processorTime(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return user + system;
}

function switchesSoFar(): number {
  const { involuntaryContextSwitches, voluntaryContextSwitches } = process.resourceUsage();
  return involuntaryContextSwitches + voluntaryContextSwitches;
}
