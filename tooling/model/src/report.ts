import { eventKinds } from './event.ts';
import type { Tally } from './tally.ts';

/** Refusals that random schedules have to meet; a run in which one of them never came has not tried what it says. */
const EXPECTED_REFUSALS = [
  'undecided-devices',
  'no-devices',
  'duplicate: same-bytes',
  'not-for-this-device',
  'failed: unknown-pre-key',
  'failed: too-many-skipped',
  'store-rolled-back',
] as const;

/** Schedules from which on every kind of event and refusal is sure to have come. */
const ENOUGH = 300;

export function reportLines(tally: Tally, seconds: number): readonly string[] {
  const { schedules, steps, exchanges, largestStore } = tally;
  return [
    `${schedules} schedules, ${steps} steps in ${seconds.toFixed(0)} s`,
    `events:   ${counted(tally.events)}`,
    `results:  ${counted(tally.results)}`,
    `refusals: ${counted(tally.refusals)}, each as the model said`,
    `one session after at most ${exchanges} exchanges; the largest store had ${largestStore} bytes`,
  ];
}

/** Kinds of events and refusals that a long enough run has to have seen and has not. */
export function unseen({ schedules, events, refusals }: Tally): readonly string[] {
  if (schedules < ENOUGH) return [];
  return [
    ...eventKinds.filter((kind) => !events.has(kind)),
    ...EXPECTED_REFUSALS.filter((kind) => !refusals.has(kind)),
  ];
}

function counted(counts: ReadonlyMap<string, number>): string {
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([kind, times]) => `${kind} ${times}`)
    .join(', ');
}
