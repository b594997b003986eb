import { randomBytes, Secret } from '@omemo-kit/primitives';
import { describe, expect, test } from 'vitest';
import { flatSeal, wireSeal } from '../../src/jobs/seal.ts';

describe('fields at fixed places are the protobuf of OMEMO 2, byte for byte', () => {
  const numbers = [0, 1, 127, 128, 300, 16_384, 2 ** 31 - 1];
  test.each(numbers)('message number %i', (messageNumber) => {
    const header = { messageNumber, previousChainLength: 2 ** 31 - 1 - messageNumber, ratchetKey: randomBytes(32) };
    const input = { messageKey: new Secret(randomBytes(32)), header, associatedData: randomBytes(64) };
    const plaintext = randomBytes(48);
    const message = flatSeal.seal({ ...input, plaintext });
    expect(message).toEqual(wireSeal.seal({ ...input, plaintext }));
    expect(flatSeal.open({ ...input, message })).toEqual(plaintext);
    expect(wireSeal.open({ ...input, message })).toEqual(plaintext);
  });

  test('a changed byte does not open', () => {
    const header = { messageNumber: 5, previousChainLength: 0, ratchetKey: randomBytes(32) };
    const input = { messageKey: new Secret(randomBytes(32)), header, associatedData: randomBytes(64) };
    const message = flatSeal.seal({ ...input, plaintext: randomBytes(48) });
    message[message.length - 1] = (message[message.length - 1] as number) ^ 1;
    expect(() => flatSeal.open({ ...input, message })).toThrow('not authentic');
  });
});
