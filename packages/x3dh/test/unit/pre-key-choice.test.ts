import { expect, test } from 'vitest';
import { type PreKey, systemRandomness } from '../../src/index.ts';
import { codeOf } from '../people.ts';

const KEYS = 100;
const PICKS = 100_000;

/** For 99 degrees of freedom an honest generator exceeds this less than once in ten million runs. */
const THRESHOLD = 192;

const preKeys: readonly PreKey[] = Array.from({ length: KEYS }, (_, id) => ({ id, publicKey: new Uint8Array(32) }));

function chiSquare(pick: () => number): number {
  const counts = new Array<number>(KEYS).fill(0);
  for (let round = 0; round < PICKS; round += 1) {
    const id = pick();
    counts[id] = (counts[id] ?? 0) + 1;
  }
  const expected = PICKS / KEYS;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

test('pre-keys are chosen uniformly', () => {
  expect(chiSquare(() => systemRandomness.choosePreKey(preKeys).id)).toBeLessThan(THRESHOLD);
});

test('the statistic sees the bias of a byte taken modulo 100', () => {
  expect(chiSquare(() => (systemRandomness.preKey()[0] ?? 0) % KEYS)).toBeGreaterThan(THRESHOLD);
});

test('a single pre-key is chosen, and none from nothing', () => {
  expect(systemRandomness.choosePreKey(preKeys.slice(0, 1)).id).toBe(0);
  expect(codeOf(() => systemRandomness.choosePreKey([]))).toBe('no-pre-keys');
});

test('draws have the length that keys and nonces have', () => {
  expect(systemRandomness.signedPreKey()).toHaveLength(32);
  expect(systemRandomness.ephemeralKey()).toHaveLength(32);
  expect(systemRandomness.signatureNonce()).toHaveLength(64);
});
