import type { Curve, CurvePoint } from '../growth/curve.ts';
import type { Growth } from '../growth/measure-growth.ts';
import { price, ratio } from './figures.ts';
import { table } from './table.ts';
import { verdictText } from './verdict.ts';

/** What is flat may seem to rise by so much: the processor's caches are no larger for those who keep more in memory. */
export const growthGoal = { atMost: 1.2 } as const;

/** Curves as a table: what a unit costs at each size, and whether it is flat. */
export function growthLines({ curves, bytes, accountHeap, quick }: Growth): readonly string[] {
  const rows = curves.flatMap((curve) =>
    curve.points.map((point, index) => [
      index === 0 ? curve.title : '',
      `${amount(point.at)} ${curve.of}`,
      `${price(point.us)} a ${curve.unit}`,
      index === 0 ? '' : point.step.toFixed(2),
      ...comparison(curve, point),
    ]),
  );
  const stored = Object.entries(bytes.stored).map(([kind, of]) => `${kind} ${of.toFixed(0)}`);
  return [
    'Medians of the rounds, ratios with their quartiles; stores in memory, where no disk hides what grows',
    ...(quick
      ? ['With --quick no more than 10,000 messages, 100 accounts and 1,000 devices: 100,000, 1,000 and 5,000 without']
      : []),
    ...table([['cost against', 'at', 'us', 'to the one before', 'times', 'goal'], ...rows]),
    '',
    `A device more is ${bytes.onTheWire.toFixed(0)} bytes of a message, and in the store, keys included: ${stored.join(', ')}.`,
    `In use by the process, stores in memory and what was published included: ${kib(bytes.heap)} for a device more, ${kib(accountHeap)} for an account more.`,
  ];
}

/** A size beside the one that it is compared with. */
function comparison({ from }: Curve, { at, ratio: spread }: CurvePoint): readonly string[] {
  if (at === from) return ['', ''];
  return [
    ratio(spread),
    at > from ? verdictText(spread, growthGoal, `that of ${amount(from)}`) : `none: compared from ${amount(from)} on`,
  ];
}

function amount(size: number): string {
  return size.toLocaleString('en');
}

function kib(bytes: number): string {
  return `${(bytes / 1024).toFixed(1)} KiB`;
}
