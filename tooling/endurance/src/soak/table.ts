import type { Sample, Trend } from './verdict.ts';

const WIDTH = 13;

export const headline = ['messages', 'heap MiB', 'resident MiB', 'database KiB', 'rows'].map(cell).join('');

export function rowOf({ messages, heap, resident, database, rows }: Sample): string {
  const cells = [
    messages,
    (heap / 2 ** 20).toFixed(2),
    (resident / 2 ** 20).toFixed(0),
    (database / 2 ** 10).toFixed(0),
  ];
  return [...cells, rows].map(cell).join('');
}

export function verdictLine({ what, mean, rise, flat }: Trend): string {
  const percent = `${rise >= 0 ? '+' : ''}${(rise * 100).toFixed(1)} %`;
  return `${what}: ${flat ? 'flat' : 'GROWS'}, ${percent} of its mean (${mean.toFixed(0)}) after the warm-up`;
}

function cell(value: string | number): string {
  return String(value).padStart(WIDTH);
}
