import { expect, test } from 'vitest';
import { PrimitivesError } from '../../src/primitives-error.ts';
import { Secret } from '../../src/secret.ts';
import { xchacha20Poly1305Open, xchacha20Poly1305Seal } from '../../src/xchacha20-poly1305.ts';
import { codeOf } from '../support/errors.ts';
import { utf8 } from '../support/hex.ts';

const key = new Uint8Array(32).fill(7);
const nonce = new Uint8Array(24).fill(8);
const associatedData = utf8('where it belongs');
const plaintext = utf8('what nobody else may read');
const ciphertext = xchacha20Poly1305Seal({ key, nonce, plaintext, associatedData });
const sealed = { key, nonce, associatedData, ciphertext };

function failure(input: Parameters<typeof xchacha20Poly1305Open>[0]): string {
  try {
    xchacha20Poly1305Open(input);
  } catch (error) {
    expect(error).toBeInstanceOf(PrimitivesError);
    const { code, message, details, cause } = error as PrimitivesError;
    return JSON.stringify({ code, message, details, cause });
  }
  return expect.fail('it opened');
}

function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  return bytes.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
}

test('whatever does not fit fails with one text', () => {
  const failures = new Set<string>();
  for (let bit = 0; bit < 8 * ciphertext.length; bit++)
    failures.add(failure({ ...sealed, ciphertext: flipped(ciphertext, bit) }));
  for (let bit = 0; bit < 8 * 32; bit++) failures.add(failure({ ...sealed, key: flipped(key, bit) }));
  for (let bit = 0; bit < 8 * 24; bit++) failures.add(failure({ ...sealed, nonce: flipped(nonce, bit) }));
  for (let size = 0; size < ciphertext.length; size++)
    failures.add(failure({ ...sealed, ciphertext: ciphertext.subarray(0, size) }));
  failures.add(failure({ ...sealed, ciphertext: Uint8Array.of(...ciphertext, 0) }));
  failures.add(failure({ ...sealed, associatedData: new Uint8Array(0) }));
  failures.add(failure({ ...sealed, associatedData: Uint8Array.of(...associatedData, 0) }));
  expect([...failures]).toEqual([
    '{"code":"not-authentic","message":"this was not sealed with this key, nonce and associated data","details":{}}',
  ]);
});

test('a key may be a Secret; the ciphertext is 16 bytes longer; nothing of the input is changed', () => {
  expect(xchacha20Poly1305Open({ ...sealed, key: new Secret(key) })).toEqual(plaintext);
  expect(ciphertext).toHaveLength(plaintext.length + 16);
  expect(plaintext).toEqual(utf8('what nobody else may read'));
  const empty = xchacha20Poly1305Seal({ key, nonce, plaintext: new Uint8Array(0), associatedData });
  expect(xchacha20Poly1305Open({ ...sealed, ciphertext: empty })).toEqual(new Uint8Array(0));
});

test('views into larger arrays, at any offset', () => {
  const shifted = new Uint8Array(ciphertext.length + 3);
  shifted.set(ciphertext, 3);
  expect(xchacha20Poly1305Open({ ...sealed, ciphertext: shifted.subarray(3) })).toEqual(plaintext);
  const text = new Uint8Array(plaintext.length + 1);
  text.set(plaintext, 1);
  expect(xchacha20Poly1305Seal({ key, nonce, plaintext: text.subarray(1), associatedData })).toEqual(ciphertext);
});

test.each(Array.from({ length: 67 }, (_, length) => length))('keys and nonces of %i bytes', (length) => {
  const bytes = new Uint8Array(length);
  const seal = (part: object) =>
    codeOf(() => xchacha20Poly1305Seal({ key, nonce, plaintext, associatedData, ...part }));
  const open = (part: object) => codeOf(() => xchacha20Poly1305Open({ ...sealed, ...part }));
  expect(seal({ key: bytes })).toBe(length === 32 ? 'returned' : 'invalid-length');
  expect(seal({ nonce: bytes })).toBe(length === 24 ? 'returned' : 'invalid-length');
  expect(open({ key: bytes })).toBe(length === 32 ? 'not-authentic' : 'invalid-length');
  expect(open({ nonce: bytes })).toBe(length === 24 ? 'not-authentic' : 'invalid-length');
});

test('what is no Uint8Array is a mistake of the caller', () => {
  for (const name of ['key', 'nonce', 'plaintext', 'associatedData']) {
    const input = { key, nonce, plaintext, associatedData, [name]: 'text' };
    expect(codeOf(() => xchacha20Poly1305Seal(input))).toBe('invalid-argument');
  }
  expect(codeOf(() => xchacha20Poly1305Open({ ...sealed, ciphertext: [] as unknown as Uint8Array }))).toBe(
    'invalid-argument',
  );
});
