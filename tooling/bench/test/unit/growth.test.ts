import { expect, test } from 'vitest';
import { accountCurve } from '../../src/growth/account-curve.ts';
import { measureCurve } from '../../src/growth/curve.ts';
import { deviceGrowth } from '../../src/growth/device-curve.ts';
import { ageCurve, skippedCurve } from '../../src/growth/session-curves.ts';
import { growthLines } from '../../src/report/growth-report.ts';

test('a curve has each size in each round, forth and back, and prices by the unit', async () => {
  const ran: number[] = [];
  const size = (at: number, units: number) => ({ at, units, run: async () => void ran.push(at) });
  const curve = await measureCurve({ title: 't', of: 'things', unit: 'message' }, [size(1, 2), size(9, 4)], 2);
  expect(ran).toEqual([1, 9, 9, 1, 1, 9, 9, 1]);
  expect(curve.points.map(({ at }) => at)).toEqual([1, 9]);
  expect(curve.points[0]?.ratio.median).toBe(1);
});

test('all curves can be drawn, small', async () => {
  const { curve, bytes } = await deviceGrowth(1, [1, 3]);
  const curves = [await ageCurve(1, [1, 3]), await skippedCurve(1, [0, 3]), await accountCurve(1, [1, 2]), curve];
  expect(curves.flatMap(({ points }) => points.map(({ us }) => us > 0))).toEqual(Array.from({ length: 8 }, () => true));
  // A session is some 400 bytes and its key some 40; a key of a message is 126 bytes in base64, and its element.
  expect(bytes.stored).toBeGreaterThan(380);
  expect(bytes.stored).toBeLessThan(600);
  expect(bytes.onTheWire).toBeGreaterThan(168);
  expect(bytes.onTheWire).toBeLessThan(300);
  expect(growthLines({ curves, bytes })).toHaveLength(12);
});
