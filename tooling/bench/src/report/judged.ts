import type { BrowserResult } from '../browser/measure-browser.ts';
import type { CoreResult } from '../core/measure-core.ts';
import type { Growth } from '../growth/measure-growth.ts';
import type { ProviderResult } from '../measure/provider-result.ts';
import { spreadOf } from '../measure/statistics.ts';
import type { ComparisonResult } from '../peers/compare.ts';
import { longestTaskGoal } from './browser-report.ts';
import { coreGoals, goalOf } from './goals.ts';
import { growthGoal } from './growth-report.ts';
import { type Bound, judge, type Verdict } from './verdict.ts';

/** A goal and whether it was reached, for machines. */
export type Judged = Bound & {
  readonly what: string;
  /** What the measured is a multiple of; a unit where it is none. */
  readonly of: string;
  readonly verdict: Verdict;
};

export function judgedJobs(results: readonly ProviderResult[]): readonly Judged[] {
  return results.flatMap(({ provider, jobs }) =>
    jobs.flatMap(({ id, against }) => {
      const goal = goalOf(id, provider);
      if (goal === undefined) return [];
      const { against: of, atMost } = goal;
      return [{ what: `${id}, provider ${provider}`, atMost, of, verdict: judge(against[of]?.ratio, goal) }];
    }),
  );
}

export function judgedCore(results: Readonly<Record<string, readonly CoreResult[]>>): readonly Judged[] {
  return Object.entries(results).flatMap(([provider, measured]) =>
    coreGoals.map((goal) => {
      const ratio = measured.find(({ id }) => id === goal.job)?.against[goal.against]?.ratio;
      const { job, against: of, atMost } = goal;
      return { what: `${job}, provider ${provider}`, atMost, of, verdict: judge(ratio, goal) };
    }),
  );
}

export function judgedPeers({ goals }: ComparisonResult): readonly Judged[] {
  return goals.map(({ peer, job, ours, atLeast, ratio }) => ({
    what: `${peer}, ${job}`,
    atLeast,
    of: ours,
    verdict: judge(ratio, { atLeast }),
  }));
}

export function judgedGrowth({ curves }: Growth): readonly Judged[] {
  return curves.flatMap(({ title, of, from, points }) =>
    points
      .filter(({ at }) => at > from)
      .map(({ at, ratio }) => ({
        what: `${title}: ${at} ${of}`,
        ...growthGoal,
        of: `${from} ${of}`,
        verdict: judge(ratio, growthGoal),
      })),
  );
}

export function judgedBrowser({ ways }: BrowserResult): readonly Judged[] {
  return ways
    .filter(({ ahead }) => ahead)
    .flatMap(({ name, opening, message }) =>
      Object.entries({ opening, message }).map(([part, { longestTasks }]) => ({
        what: `longest task, ${part}, ${name}`,
        ...longestTaskGoal,
        of: 'ms',
        verdict: judge(spreadOf(longestTasks), longestTaskGoal),
      })),
    );
}
