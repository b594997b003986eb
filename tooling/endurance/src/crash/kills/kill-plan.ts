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
/** Milliseconds between the beginning of a commit, which takes a few, and the kill. */
const AIMS = [0, 0, 1, 2, 3, 5];

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

/** Kills without end, ten by ten in an order of their own, so that a short run has all kinds of them too. */
export function* killPlans(random: SeededRandom): Generator<KillPlan, never> {
  for (;;) yield* random.shuffled([...ten(random)]);
}

function* ten(random: SeededRandom): Generator<KillPlan> {
  const parked = (window: Window, phase: KillPlan['phase'] = 'load'): KillPlan => {
    return { how: 'parked', phase, parking: { window, occurrence: 1 + random.below(phase === 'load' ? 6 : 2) } };
  };
  const moment = (phase: KillPlan['phase']): KillPlan => ({ how: 'moment', phase, after: random.below(LONGEST_LIFE) });
  const aimed = (): KillPlan => {
    const parking = { window: 'committing', occurrence: 1 + random.below(6) } as const;
    return { how: 'aimed', phase: 'load', parking, after: random.pick(AIMS) };
  };
  yield* [parked('read → commit'), parked('read → commit'), parked('commit → sending'), parked('commit → sending')];
  yield parked(random.pick(OTHERS));
  yield* [aimed(), aimed()];
  yield* [moment('load'), moment('load')];
  yield random.chance(0.5) ? moment('recovery') : parked(random.pick(['read → commit', ...OTHERS]), 'recovery');
}
