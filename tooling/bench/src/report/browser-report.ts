import type { BrowserResult, BrowserWay, WatchedPages } from '../browser/measure-browser.ts';
import { type Spread, spreadOf } from '../measure/statistics.ts';
import { table } from './table.ts';
import { judge } from './verdict.ts';

/** Milliseconds of a task above which browsers call it long: from there on a page feels stuck. */
export const longestTaskGoal = { atMost: 50 } as const;

export function browserLines({ chromium, devices, rounds, ways }: BrowserResult): readonly string[] {
  const head = ['the curve', 'ms', 'longest task over 50 ms', 'in any page', 'longest wait of others, ms', 'goal'];
  const part = (name: 'message' | 'opening') => table([head, ...ways.map((way) => row(way, way[name]))]);
  return [
    `Chromium ${chromium}: the first message to a room with ${devices} devices, medians of ${rounds} pages with their quartiles`,
    ...part('message'),
    '',
    'Before it, in the same pages: a new device, its identity and pre-keys made, stored and published',
    ...part('opening'),
  ];
}

function row({ name, ahead }: BrowserWay, pages: WatchedPages): readonly string[] {
  const { milliseconds, longestTasks, longestWait } = pages;
  const longestTask = spreadOf(longestTasks);
  return [
    name,
    spread(milliseconds),
    spread(longestTask),
    Math.max(...longestTasks).toFixed(0),
    spread(longestWait),
    ahead ? goalCell(longestTask) : 'none',
  ];
}

function goalCell(longestTask: Spread): string {
  const verdict = judge(longestTask, longestTaskGoal);
  const shown = verdict === 'not reached' ? verdict.toUpperCase() : verdict;
  return `${shown}: longest task <= ${longestTaskGoal.atMost} ms`;
}

function spread({ median, lower, upper }: Spread): string {
  return `${median.toFixed(0)} (${lower.toFixed(0)}-${upper.toFixed(0)})`;
}
