import { describe, expect, test } from 'vitest';
import { rewindCipherInputs } from '../../src/limit/cipher-inputs.ts';
import { existsHere } from '../../src/limit/fastest.ts';
import { waysOf } from '../../src/limit/limits.ts';
import type { Way } from '../../src/limit/way.ts';
import type { OperationName } from '../../src/operations.ts';

/** Bytes that come out, where they are the same each time. Some write more: what is behind is not looked at. */
const lengths: Readonly<Partial<Record<OperationName, number>>> = {
  dh: 32,
  sign: 64,
  map: 32,
  chainKeys: 64,
  messageKeys: 80,
  rootKeys: 64,
  agreedKey: 32,
  tag: 32,
  encrypt: 64,
  decrypt: 48,
};

const ways = [...waysOf('L', 'node'), ...waysOf('L_noble', 'noble')].filter(existsHere);

function resultOf(way: Way): Uint8Array {
  rewindCipherInputs();
  return bytesOf(way.run());
}

function bytesOf(result: unknown): Uint8Array {
  if (result instanceof Uint8Array) return new Uint8Array(result);
  if (result instanceof ArrayBuffer) return new Uint8Array(result);
  if (Array.isArray(result)) return Uint8Array.from(result.flatMap((part) => [...bytesOf(part)]));
  throw new TypeError(`no bytes: ${result}`);
}

describe.each(Object.entries(lengths))('all ways of %s', (operation, length) => {
  const those = ways.filter((way) => way.operation === operation);
  const expected = resultOf(those[0] as Way).slice(0, length);

  test.each(those)('$name gives the same bytes', (way) => {
    expect(expected).toHaveLength(length);
    expect(resultOf(way).slice(0, length)).toEqual(expected);
  });
});

test('all ways to verify accept the signature', () => {
  const verdicts = ways.filter(({ operation }) => operation === 'verify').map(({ run }) => run());
  expect(verdicts.length).toBeGreaterThan(1);
  expect(new Set(verdicts)).toEqual(new Set([true]));
});

describe('a way that fails', () => {
  const failing = (error: Error): Way => ({
    ...{ operation: 'dh', name: 'failing', maker: 'noble' },
    run() {
      throw error;
    },
  });

  test('because Node does not have it is left out', () => {
    const error = Object.assign(new TypeError('invalid format'), { code: 'ERR_INVALID_ARG_VALUE' });
    expect(existsHere(failing(error))).toBe(false);
  });

  test('in another way is a fault of ours', () => {
    expect(() => existsHere(failing(new TypeError('oops')))).toThrow('oops');
  });
});
