import type { JobResult, ProviderResult } from '../measure/measure-jobs.ts';
import type { Spread } from '../measure/statistics.ts';
import { operationNames, operationTitles } from '../operations.ts';
import { earlierLimits } from './earlier-limits.ts';
import { goalOf } from './goals.ts';
import { table } from './table.ts';
import { verdictText } from './verdict.ts';

/** What is printed for people. */
export function reportLines(results: readonly ProviderResult[]): readonly string[] {
  return results.flatMap((result, index) => [
    ...(index === 0 ? [] : ['']),
    ...jobLines(result),
    '',
    ...wayLines(result),
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
    'L in 2026, us',
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

function wayLines({ ways }: ProviderResult): readonly string[] {
  const names = Object.keys(ways);
  const rows = operationNames
    .filter((operation) => ways[names[0] ?? '']?.[operation] !== undefined)
    .map((operation) => [
      operationTitles[operation],
      ...names.flatMap((name) => {
        const way = ways[name]?.[operation];
        return way === undefined ? ['', ''] : [price(way.us), way.name];
      }),
    ]);
  return ['What the limits are made of:', ...table([['', ...names.flatMap((name) => ['us', name])], ...rows])];
}

export function price(us: number): string {
  return us >= 100 ? us.toFixed(0) : us >= 10 ? us.toFixed(1) : us.toFixed(2);
}

export function ratio({ median, lower, upper }: Spread): string {
  return `${median.toFixed(2)} (${lower.toFixed(2)}-${upper.toFixed(2)})`;
}
