import { PrimitivesError, x25519KeyPair } from '@omemo-kit/primitives';
import { describe, expect, test } from 'vitest';
import { Comparison } from '../../src/comparison.ts';
import { type Expectation, judge } from '../../src/verdict.ts';

async function verdict(expected: Expectation, attempt: () => unknown) {
  const compare = new Comparison();
  const deviations: string[] = [];
  const replay = { step: async () => true, deviation: (name: string) => void deviations.push(name) };
  await judge({ expect: expected, compare, replay, attempt });
  return { differences: compare.differences, deviations };
}

const refuse = () => x25519KeyPair(new Uint8Array(3));

describe('judge', () => {
  test('a typed error is a refusal', async () => {
    expect(refuse).toThrow(PrimitivesError);
    expect((await verdict('refuse', refuse)).differences).toEqual([]);
    expect((await verdict('accept', refuse)).differences).toEqual([expect.stringMatching(/^refused/)]);
    expect(await verdict('either', refuse)).toEqual({
      differences: [],
      deviations: ['either is allowed, refused here'],
    });
  });

  test('any other error is a crash, whatever was expected', async () => {
    const crash = () => (undefined as unknown as Uint8Array).length;
    for (const expected of ['accept', 'refuse', 'either'] as const) {
      expect((await verdict(expected, crash)).differences).toContainEqual(expect.stringMatching(/^crashed/));
    }
  });

  test('a result is an acceptance', async () => {
    expect((await verdict('accept', () => 1)).differences).toEqual([]);
    expect((await verdict('refuse', () => 1)).differences).toEqual(['accepted, recorded is refuse']);
  });
});
