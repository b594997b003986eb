import type { Growth } from '../growth/measure-growth.ts';
import { price, ratio } from './figures.ts';
import { table } from './table.ts';

/** A curve as a table: what a unit costs at each size, and how many times the first. */
export function growthLines({ curves, bytes }: Growth): readonly string[] {
  const rows = curves.flatMap(({ title, of, unit, points }) =>
    points.map((point, index) => [
      index === 0 ? title : '',
      `${point.at.toLocaleString('en')} ${of}`,
      `${price(point.us)} a ${unit}`,
      ratio(point.ratio),
    ]),
  );
  return [
    'Medians of the rounds, ratios with their quartiles; stores in memory, where no disk hides what grows',
    ...table([['cost against', 'at', 'us', 'to the first'], ...rows]),
    '',
    `A device more is ${bytes.stored.toFixed(0)} bytes of sessions in the store, with their key, and ${bytes.onTheWire.toFixed(0)} bytes of a message.`,
  ];
}
