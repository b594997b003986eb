import type { JobResult } from '../measure/measure-job.ts';
import type { ProviderResult } from '../measure/provider-result.ts';
import { EARLIER, EARLIER_NOTE, earlierLimits } from './earlier-limits.ts';
import { price, ratio } from './figures.ts';
import { goalOf } from './goals.ts';
import { limitLines } from './limit-report.ts';
import { table } from './table.ts';
import { verdictText } from './verdict.ts';

/** What is printed for people. */
export function reportLines(results: readonly ProviderResult[]): readonly string[] {
  return results.flatMap((result, index) => [
    ...(index === 0 ? [] : ['']),
    ...jobLines(result),
    '',
    ...limitLines(result),
  ]);
}

function jobLines({ provider, jobs }: ProviderResult): readonly string[] {
  const rounds = jobs.map((job) => job.rounds);
  const names = [...new Set(jobs.flatMap(({ against }) => Object.keys(against)))];
  const head = [
    'job',
    'what',
    'us',
    ...names.flatMap((name) => [`${name}, us`, `job / ${name}`]),
    `${EARLIER}, us`,
    'goal',
  ];
  const rows = jobs.map((job) => [
    `(${job.id})`,
    `${job.title}, per ${job.unit}`,
    price(job.us),
    ...names.flatMap((name) => comparison(job, name)),
    earlier(job, names),
    goalCell(job, provider),
  ]);
  return [
    `Provider ${provider}: medians of ${Math.min(...rounds)} to ${Math.max(...rounds)} rounds, ratios with their quartiles`,
    ...table([head, ...rows]),
    EARLIER_NOTE,
  ];
}

function comparison({ against }: JobResult, name: string): readonly string[] {
  const found = against[name];
  return found === undefined ? ['', ''] : [price(found.us), ratio(found.ratio)];
}

function earlier({ id }: JobResult, names: readonly string[]): string {
  const us = earlierLimits[names.includes('L_noble') ? 'L_noble' : 'L'][id];
  return us === undefined ? '' : price(us);
}

function goalCell(job: JobResult, provider: ProviderResult['provider']): string {
  const goal = goalOf(job.id, provider);
  return goal === undefined ? 'none' : verdictText(job.against[goal.against]?.ratio, goal, goal.against);
}
