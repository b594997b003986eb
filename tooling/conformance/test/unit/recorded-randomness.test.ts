import { expect, test } from 'vitest';
import { Comparison } from '../../src/comparison.ts';
import { FormatError } from '../../src/format-error.ts';
import { Recorded } from '../../src/recorded.ts';
import { RecordedRandomness } from '../../src/recorded-randomness.ts';

const value = (digit: string) => digit.repeat(64);
const key = (digit: string) => new Uint8Array(32).fill(Number.parseInt(digit + digit, 16));
const preKey = (id: number, digit: string) => ({ id, publicKey: key(digit) });

function drawing(...draws: readonly [purpose: string, digit: string][]): RecordedRandomness {
  const randomness = new RecordedRandomness();
  randomness.begin(new Recorded(draws.map(([purpose, digit]) => ({ purpose, value: value(digit) }))).items());
  return randomness;
}

function unused(randomness: RecordedRandomness): readonly string[] {
  const compare = new Comparison();
  randomness.compareUnused(compare);
  return compare.differences;
}

test('draws come by purpose, in order', () => {
  const randomness = drawing(['ratchet_priv', '1'], ['payload_key', '2'], ['ratchet_priv', '3']);
  const { source } = randomness;
  expect(source.payloadKey()).toEqual(key('2'));
  expect(source.ratchetKey()).toEqual(key('1'));
  expect(source.ratchetKey()).toEqual(key('3'));
  expect(unused(randomness)).toEqual([]);
});

test('what was not recorded is random, and what nobody asked for is noticed', () => {
  const randomness = drawing(['ratchet_priv', '1']);
  const [first, second] = [randomness.source.ephemeralKey(), randomness.source.ephemeralKey()];
  expect(first).toHaveLength(32);
  expect(first).not.toEqual(second);
  expect(unused(randomness)).toHaveLength(1);
});

test('draws for a device follow its chosen pre-key, whichever device comes first', () => {
  const { source } = drawing(
    ['chosen_pre_key_pub', '1'],
    ['ephemeral_key_priv', '2'],
    ['ratchet_priv', '3'],
    ['chosen_pre_key_pub', '4'],
    ['ephemeral_key_priv', '5'],
    ['ratchet_priv', '6'],
  );
  expect(source.choosePreKey([preKey(7, '9'), preKey(8, '4')])).toEqual(preKey(8, '4'));
  expect(source.ephemeralKey()).toEqual(key('5'));
  expect(source.ratchetKey()).toEqual(key('6'));
  expect(source.choosePreKey([preKey(9, '1')])).toEqual(preKey(9, '1'));
  expect(source.ephemeralKey()).toEqual(key('2'));
  expect(source.ratchetKey()).toEqual(key('3'));
});

test('a purpose that is not known is not in the format', () => {
  expect(() => drawing(['colour', '1'])).toThrow(FormatError);
});
