import { describe, expect, test } from 'vitest';
import { hex, toHex } from '../support/hex.ts';
import { providers } from '../support/providers.ts';
import { vectorCases } from '../support/vector-file.ts';

const cases = vectorCases('signatures');
const labels = vectorCases('labels');

describe.each(providers)('signatures of python-omemo ($name)', ({ primitives }) => {
  test('there are 16 with 7 checks each', () => {
    expect(cases).toHaveLength(16);
    expect(cases.map((c) => c.verify.length)).toEqual(cases.map(() => 7));
  });

  test.each(cases)('seed of $ed25519 signs as RFC 8032, drawing no nonce', (vector) => {
    let draws = 0;
    const signature = primitives.sign({
      identityKeyPair: primitives.identityKeyPairFromSeed(hex(vector.seed)),
      message: hex(vector.message),
      nonce: () => {
        draws++;
        return hex(vector.nonce);
      },
    });
    expect(toHex(signature)).toBe(vector.seed_signature);
    expect(draws).toBe(0);
  });

  test.each(cases)('scalar of $ed25519 signs as XEdDSA, drawing one nonce', (vector) => {
    let draws = 0;
    const signature = primitives.sign({
      identityKeyPair: primitives.identityKeyPairFromScalar(hex(vector.scalar)),
      message: hex(vector.message),
      nonce: () => {
        draws++;
        return hex(vector.nonce);
      },
    });
    expect(toHex(signature)).toBe(vector.scalar_signature);
    expect(draws).toBe(1);
  });

  test.each(cases.flatMap((c) => c.verify))('$what under $key is valid: $valid', ({ key, message, signature, valid }) => {
    const publicKey = primitives.importEd25519PublicKey(hex(key));
    expect(primitives.verify({ publicKey, message: hex(message), signature: hex(signature) })).toBe(valid);
  });

  test.each(labels)('label signature over "$label"', (vector) => {
    const publicKey = primitives.importEd25519PublicKey(hex(vector.ed25519));
    const message = new TextEncoder().encode(vector.label);
    const good = Uint8Array.from(Buffer.from(vector.labelsig, 'base64'));
    const bad = Uint8Array.from(Buffer.from(vector.bad_labelsig, 'base64'));
    expect(primitives.verify({ publicKey, message, signature: good })).toBe(vector.valid);
    expect(primitives.verify({ publicKey, message, signature: bad })).toBe(vector.bad_valid);
  });
});
