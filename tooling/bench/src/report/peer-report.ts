import type { ComparisonResult, MeasuredGoal } from '../peers/compare.ts';
import { comparedJobs } from '../peers/implementation.ts';
import { ratio } from './figures.ts';
import { table } from './table.ts';
import { verdictText } from './verdict.ts';

/** What is printed of the peers: theirs / ours, and microseconds. */
export function peerLines({ rounds, rows, goals, missing }: ComparisonResult): readonly string[] {
  const head = ['', ...comparedJobs.flatMap((job) => [`(${job}) us`, `x ours`])];
  const cells = rows.map(({ name, jobs }) => [
    name,
    ...comparedJobs.flatMap((job) => {
      const found = jobs[job];
      if (found === undefined) return ['', ''];
      const { median, lower, upper } = found.ratio;
      return [
        found.us.toFixed(found.us < 100 ? 1 : 0),
        `${median.toFixed(2)} (${lower.toFixed(2)}-${upper.toFixed(2)})`,
      ];
    }),
  ]);
  return [
    `Others in the same run: medians of ${rounds} rounds, every call awaited`,
    ...table([head, ...cells]),
    '',
    ...table([['goal', 'job', 'theirs / it', ''], ...goals.map(goalRow)]),
    '',
    ...rows.map(({ name, differs }) => `${name}: ${differs}`),
    ...missing.map((why) => `not measured: ${why}`),
  ];
}

function goalRow({ peer, job, ours, atLeast, ratio: measured }: MeasuredGoal): readonly string[] {
  const shown = measured === undefined ? '' : ratio(measured);
  return [peer, `(${job})`, shown, verdictText(measured, { atLeast }, ours)];
}
