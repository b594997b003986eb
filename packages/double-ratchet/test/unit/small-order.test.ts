import { Secret, type X25519PublicKey } from '@omemo-kit/primitives';
import { describe, expect, test } from 'vitest';
import { initiatorState } from '../../src/index.ts';
import { createPair, errorOf, parameters } from '../party.ts';
import { plainState } from '../plain-state.ts';

const P = 2n ** 255n - 19n;

const SMALL_ORDER_U = [
  0n,
  1n,
  325606250916557431795983626356110631294008115727848805560023387167927233504n,
  39382357235489614581723060781553021112529911719440698176882885853963445705823n,
  P - 1n,
  P,
  P + 1n,
];

function littleEndian(value: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, index) => Number((value >> BigInt(8 * index)) & 0xffn));
}

/** Every encoding of a point of small order, with and without the bit that X25519 ignores. */
const keys = SMALL_ORDER_U.flatMap((u) => [littleEndian(u), littleEndian(u + 2n ** 255n)]);

describe.each(keys.map((key, index) => ({ key, index })))('point $index', ({ key }) => {
  test('is refused as the ratchet key of a first message, by the recipient', () => {
    const { alice, bob } = createPair();
    const { header, message } = alice.send('first');
    const before = plainState(bob.state);
    expect(errorOf(() => bob.read({ message, header: { ...header, ratchetKey: key } })).code).toBe(
      'invalid-ratchet-key',
    );
    expect(plainState(bob.state)).toEqual(before);
  });

  test('is refused as the ratchet key of an answer, by the initiator', () => {
    const { alice, bob } = createPair();
    bob.read(alice.send('first'));
    const { header, message } = bob.send('answer');
    const before = plainState(alice.state);
    const error = errorOf(() => alice.read({ message, header: { ...header, ratchetKey: key } }));
    expect(error.code).toBe('invalid-ratchet-key');
    expect(error.cause).toBeInstanceOf(Error);
    expect(plainState(alice.state)).toEqual(before);
  });

  test("is refused as the recipient's first ratchet key", () => {
    const sharedSecret = new Secret(new Uint8Array(32).fill(1));
    const begin = () => initiatorState({ sharedSecret, otherRatchetKey: key as X25519PublicKey, parameters });
    expect(errorOf(begin).code).toBe('invalid-ratchet-key');
  });
});

test('an alias of the current ratchet key is another name for it and is refused, not taken for a new key', () => {
  const { alice, bob } = createPair();
  bob.read(alice.send('first'));
  const { header, message } = alice.send('second');
  const ratchetKey = header.ratchetKey.slice();
  ratchetKey[31] = (ratchetKey[31] ?? 0) | 0x80;
  expect(errorOf(() => bob.read({ message, header: { ...header, ratchetKey } })).code).toBe('invalid-ratchet-key');
});
