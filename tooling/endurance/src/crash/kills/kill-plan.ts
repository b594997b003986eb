import type { SeededRandom } from '../seeded-random.ts';
import type { Parking, Window } from '../victim/windows.ts';

/**
 * How one life ends.
 * - `moment`: after a time that was drawn, wherever the victim is then.
 * - `parked`: the victim stands still in a window until it dies, so that no race decides whether that window is met.
 * - `aimed`: a drawn time after the victim has told that it begins a commit, to hit it in its middle.
 */
export type KillPlan = { readonly phase: 'recovery' | 'load' } & (
  | { readonly how: 'moment'; readonly after: number }
  | { readonly how: 'parked'; readonly parking: Place }
  | { readonly how: 'aimed'; readonly parking: Place; readonly after: number }
);

type Place = Omit<Parking, 'until'>;

/** Milliseconds within which a moment is drawn: a life in which nothing is parked gets through a few messages in it. */
const LONGEST_LIFE = 250;
/** A commit is over within so many milliseconds. */
const LONGEST_AIM = 8;

/** The windows outside the decisive two that are met by parking. */
const OTHERS: readonly Window[] = [
  'reading',
  'sending',
  'sent → forgotten',
  'commit → showing',
  'showing → ack',
  'other commit',
  'asking the server',
];

/** Kills without end, twenty by twenty in an order of their own, so that every part of a run has all kinds of them. */
export function* killPlans(random: SeededRandom): Generator<KillPlan, never> {
  for (;;) yield* random.shuffled([...twenty(random)]);
}

function* twenty(random: SeededRandom): Generator<KillPlan> {
  const parked = (window: Window, phase: KillPlan['phase'] = 'load'): KillPlan => {
    return { how: 'parked', phase, parking: { window, occurrence: 1 + random.below(phase === 'load' ? 6 : 2) } };
  };
  const moment = (phase: KillPlan['phase']): KillPlan => ({ how: 'moment', phase, after: random.below(LONGEST_LIFE) });
  for (let n = 0; n < 4; n++) yield parked('read → commit');
  for (let n = 0; n < 3; n++) yield parked('commit → sending');
  for (const window of random.shuffled(OTHERS).slice(0, 2)) yield parked(window);
  yield parked(random.pick(['read → commit', ...OTHERS]), 'recovery');
  for (let n = 0; n < 5; n++) {
    const parking = { window: 'committing', occurrence: 1 + random.below(6) } as const;
    yield { how: 'aimed', phase: 'load', parking, after: random.below(LONGEST_AIM) };
  }
  for (let n = 0; n < 4; n++) yield moment('load');
  yield moment('recovery');
}
