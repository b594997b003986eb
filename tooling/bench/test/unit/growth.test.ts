import { expect, test } from 'vitest';
import { accountGrowth } from '../../src/growth/account-curve.ts';
import { type Curve, measureCurve } from '../../src/growth/curve.ts';
import { deviceGrowth } from '../../src/growth/device-curve.ts';
import { ageCurve, lateCurve, skippedCurve } from '../../src/growth/session-curves.ts';
import { growthLines } from '../../src/report/growth-report.ts';

test('a curve has each size in each round, forth and back, and prices by the unit', async () => {
  const ran: number[] = [];
  const size = (at: number, units: number) => ({ at, units, prepare: () => () => void ran.push(at) });
  const about = { title: 't', of: 'things', unit: 'message', from: 9 };
  const curve = await measureCurve(about, [size(1, 2), size(9, 4)], 2);
  expect(ran).toEqual([1, 9, 9, 1, 1, 9, 9, 1]);
  expect(curve.points.map(({ at }) => at)).toEqual([1, 9]);
  expect(curve.points[1]?.ratio.median).toBe(1);
  expect(curve.points[1]?.step).toBe((curve.points[1]?.us ?? 0) / (curve.points[0]?.us ?? 0));
});

test('what grows is told from what is flat, from the size on that counts', () => {
  const ratio = (median: number) => ({ lower: median, median, upper: median, medianWithin: [median, median] as const });
  const points = [
    { at: 1, us: 30, ratio: ratio(3), step: 1 },
    { at: 100, us: 10, ratio: ratio(1), step: 0.33 },
    { at: 1_000, us: 12, ratio: ratio(1.2), step: 1.2 },
    { at: 5_000, us: 15, ratio: ratio(1.5), step: 1.25 },
  ];
  const curve: Curve = { title: 't', of: 'devices', unit: 'device', from: 100, points };
  const bytes = { stored: { session: 400 }, onTheWire: 196, heap: 2_048 };
  const lines = growthLines({ curves: [curve], bytes, accountHeap: 10_240, quick: false });
  const rows = lines.slice(2, 6).map((line) => line.split(/ {2,}/).slice(-1)[0]);
  expect(rows).toEqual([
    'none: compared from 100 on',
    '0.33',
    'reached: <= 1.2 x that of 100',
    'NOT REACHED: <= 1.2 x that of 100',
  ]);
  expect(lines.at(-1)).toMatch(/2\.0 KiB for a device more, 10\.0 KiB for an account more/);
});

test('all curves can be drawn, small', async () => {
  const { curve, bytes } = await deviceGrowth(1, [1, 3]);
  const accounts = await accountGrowth(1, [1, 2]);
  const curves = [
    await ageCurve(1, [1, 3]),
    await skippedCurve(1, [0, 3]),
    await lateCurve(1, [0, 3]),
    accounts.curve,
    curve,
  ];
  for (const { points } of curves) expect(points.map(({ us }) => us > 0)).toEqual([true, true]);
  // A session is some 400 bytes and its key some 40; a key of a message is 126 bytes in base64, and its element.
  expect(bytes.stored['session']).toBeGreaterThan(380);
  expect(bytes.stored['session']).toBeLessThan(600);
  expect(bytes.onTheWire).toBeGreaterThan(168);
  expect(bytes.onTheWire).toBeLessThan(300);
  expect(accounts.heap).toBeGreaterThan(0);
  expect(growthLines({ curves, bytes, accountHeap: accounts.heap, quick: true })).toHaveLength(16);
});
