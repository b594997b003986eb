import { systemRandomness } from '@omemo-kit/x3dh';
import { describe, expect, test } from 'vitest';
import { newBundle } from '../../src/bundles/own-bundle.ts';
import {
  findSignedPreKey,
  signedPreKeysDueAt,
  withReplacedSince,
  withRotatedSignedPreKey,
  withSignedPreKeysAt,
} from '../../src/bundles/signed-pre-keys.ts';
import { defaultLimits, limitsWith } from '../../src/limits.ts';
import type { BundleRecord } from '../../src/records/index.ts';
import { identity } from '../samples.ts';

const period = 1_000;
const START = 10_000;
const making = (now: number) => ({ identity: { identityKeyPair: identity }, randomness: systemRandomness, now });
const fresh = () => newBundle({ ...making(START), limits: { ...defaultLimits, preKeys: 25 } }).bundle;
const at = (bundle: BundleRecord, now: number) => withSignedPreKeysAt(bundle, { ...making(now), period });
const ids = ({ signedPreKey, previousSignedPreKeys }: BundleRecord) => [
  signedPreKey.id,
  previousSignedPreKeys.map(({ id }) => id),
];
const readable = (bundle: BundleRecord, id: number, now: number) =>
  findSignedPreKey(bundle, id, { now, period }) !== undefined;

describe('signed pre-keys', () => {
  test('are replaced when their period is over, and not before (R02, S18)', () => {
    const bundle = fresh();
    expect(at(bundle, START + period - 1)).toBe(bundle);
    expect(signedPreKeysDueAt(bundle, period)).toBe(START + period);
    const renewed = at(bundle, START + period);
    expect(ids(renewed)).toEqual([2, [1]]);
    expect(renewed).toMatchObject({ dirty: true, signedPreKey: { createdAt: START + period } });
  });

  test('are kept one period from when the server shows the next one (R03, S18)', () => {
    const rotated = at(fresh(), START + period);
    const published = withReplacedSince(rotated, START + period + 50);
    const end = START + period + 50 + period;
    expect(readable(published, 1, end - 1)).toBe(true);
    expect(readable(published, 1, end)).toBe(false);
    expect(ids(at(published, end - 1))[1]).toContain(1);
    expect(ids(at(published, end))[1]).not.toContain(1);
  });

  test('are not replaced again before they are published, or the published one would be forgotten', () => {
    let bundle = at(fresh(), START + period);
    for (let n = 2; n < 20; n++) bundle = at(bundle, START + n * period);
    expect(ids(bundle)).toEqual([2, [1]]);
    expect(signedPreKeysDueAt(bundle, period)).toBeUndefined();
    expect(readable(bundle, 1, START + 20 * period)).toBe(true);
  });

  test('of a time to come are dated anew, so that a clock put back keeps none for ever (S18)', () => {
    const ahead = withReplacedSince(withRotatedSignedPreKey(fresh(), making(START * 100)), START * 100);
    const back = at(ahead, START);
    expect(back.signedPreKey.createdAt).toBe(START);
    expect(ids(back)).toEqual([2, [1]]);
    expect(ids(at(back, START + period))).toEqual([3, [2]]);
  });

  test('replaced by hand several times within a period are all kept for theirs, five at most (R03)', () => {
    let bundle = fresh();
    for (let n = 1; n <= 3; n++)
      bundle = withReplacedSince(withRotatedSignedPreKey(bundle, making(START + n)), START + n);
    expect(ids(bundle)).toEqual([4, [1, 2, 3]]);
    expect([1, 2, 3].map((id) => readable(bundle, id, START + period + 1))).toEqual([false, true, true]);
    for (let n = 0; n < 9; n++) bundle = withRotatedSignedPreKey(bundle, making(START));
    expect(bundle.previousSignedPreKeys).toHaveLength(5);
  });

  test('are rotated every 7 to 30 days (R02)', () => {
    const day = 24 * 3_600_000;
    expect(defaultLimits.signedPreKeyPeriod).toBe(7 * day);
    for (const days of [7, 30])
      expect(limitsWith({ signedPreKeyPeriod: days * day }).signedPreKeyPeriod).toBe(days * day);
    for (const days of [6, 31]) {
      expect(() => limitsWith({ signedPreKeyPeriod: days * day })).toThrow(
        expect.objectContaining({ code: 'invalid-argument' }),
      );
    }
  });
});
