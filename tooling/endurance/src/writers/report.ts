import type { RoundResult } from './round.ts';

/** What must not be, in words; empty when all is well. */
export function problemsOf(round: RoundResult): readonly string[] {
  const { reusedSlots, lost, doubled, troubles, leftOver } = round;
  return [
    ...several('ratchet slots used twice', reusedSlots),
    ...several('messages lost', lost),
    ...several('messages read twice', doubled),
    ...several('calls failed', troubles),
    ...(leftOver === 0 ? [] : [`${leftOver} entries left in inbox and outbox`]),
  ];
}

function several(what: string, cases: readonly string[]): readonly string[] {
  return cases.length === 0 ? [] : [`${cases.length} ${what}: ${[...new Set(cases)].slice(0, 5).join('; ')}`];
}

/** A line for each round; throughput beside that of one writer alone on the same store. */
export function describeRound(round: RoundResult, alone: RoundResult | undefined): string {
  const rate = rateOf(round);
  const ratio = alone === undefined ? '' : ` (${(rate / rateOf(alone)).toFixed(2)} of one writer's)`;
  return [
    `${round.host}: ${round.writers} writer${round.writers === 1 ? '' : 's'}, ${round.messages} messages`,
    ` in ${round.seconds.toFixed(1)} s, ${round.answers} answers read`,
    `\n  ${rate.toFixed(0)} messages/s${ratio}`,
    `; wait ${round.medianWait.toFixed(1)} ms median, ${round.longestWait.toFixed(0)} ms longest`,
    `; ${round.conflicts} of ${round.commits} commits came too late`,
    `\n  slots used twice ${round.reusedSlots.length}, lost ${round.lost.length}, doubled ${round.doubled.length}`,
    `, errors ${round.troubles.length}, left over ${round.leftOver}`,
  ].join('');
}

function rateOf({ messages, seconds }: RoundResult): number {
  return messages / Math.max(seconds, 0.001);
}
