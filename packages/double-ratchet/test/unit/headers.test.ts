import { expect, test } from 'vitest';
import { needsSkippedLookup, ratchetDecrypt, SkippedMessageKeys } from '../../src/index.ts';
import { headerAead } from '../header-aead.ts';
import { associatedData, createPair, errorOf, parameters } from '../party.ts';

const { alice, bob } = createPair();
bob.read(alice.send('first'));
const { header, message } = alice.send('second');

/** The field that everything that takes a header finds fault with. */
function fieldOf(changed: object): unknown {
  const bad = { ...header, ...changed };
  const common = { message, associatedData, aead: headerAead, parameters };
  const errors = [
    errorOf(() => ratchetDecrypt({ ...common, state: bob.state, header: bad })),
    errorOf(() => needsSkippedLookup(bob.state, bad)),
    errorOf(() => new SkippedMessageKeys().find(bad)),
  ];
  expect(errors.map(({ code }) => code)).toEqual(['invalid-header', 'invalid-header', 'invalid-header']);
  return errors[0]?.details['field'];
}

test('a ratchet key has 32 bytes', () => {
  for (let length = 0; length <= 66; length += 1) {
    if (length !== 32) expect(fieldOf({ ratchetKey: new Uint8Array(length) })).toBe('ratchetKey');
  }
});

test.each([undefined, null, '0'.repeat(32), Array.from(header.ratchetKey), new Uint16Array(32), {}])(
  'a ratchet key is bytes: not %o',
  (ratchetKey) => {
    expect(fieldOf({ ratchetKey })).toBe('ratchetKey');
  },
);

test.each([-1, 0.5, 2 ** 32, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY, undefined, '1', null])(
  'numbers have 32 bits: not %o',
  (value) => {
    expect(fieldOf({ messageNumber: value })).toBe('messageNumber');
    expect(fieldOf({ previousChainLength: value })).toBe('previousChainLength');
  },
);

test('the smallest and the largest number are well-formed', () => {
  for (const value of [0, 2 ** 32 - 1]) {
    const changed = { ...header, messageNumber: value, previousChainLength: value };
    expect(errorOf(() => bob.read({ message, header: changed })).code).not.toBe('invalid-header');
  }
});
