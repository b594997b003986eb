import type { BrowserResult } from '../browser/measure-browser.ts';
import type { Spread } from '../measure/statistics.ts';
import { table } from './table.ts';

export function browserLines({ chromium, devices, rounds, ways }: BrowserResult): readonly string[] {
  const rows = ways.map(({ name, milliseconds, longestTask, longestTaskOfAll, longestWait }) => [
    name,
    spread(milliseconds),
    spread(longestTask),
    longestTaskOfAll.toFixed(0),
    spread(longestWait),
  ]);
  return [
    `Chromium ${chromium}: the first message to a room with ${devices} devices, medians of ${rounds} pages with their quartiles`,
    ...table([['the curve', 'ms', 'longest task over 50 ms', 'in any page', 'longest wait of others, ms'], ...rows]),
  ];
}

function spread({ median, lower, upper }: Spread): string {
  return `${median.toFixed(0)} (${lower.toFixed(0)}-${upper.toFixed(0)})`;
}
