import {
  ed25519ToX25519,
  type IdentityKeyPair,
  identityKeyPairFromScalar,
  identityKeyPairFromSeed,
  type X25519KeyPair,
} from '@omemo-kit/primitives';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { accept, importKeyExchangeHeader, initiate, systemRandomness, verifyBundle } from '../../src/index.ts';
import { hex } from '../hex.ts';
import { createPerson } from '../people.ts';
import { aliceSharedSecret, bobSharedSecret, type KeyPair } from './x3dh-paper.ts';

const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
const identity = fc.oneof(
  bytes32.map((seed): IdentityKeyPair => identityKeyPairFromSeed(seed)),
  bytes32.map((scalar): IdentityKeyPair => identityKeyPairFromScalar(scalar)),
);

function plain(keyPair: X25519KeyPair): KeyPair {
  return { d: keyPair.privateKey.expose(), u: keyPair.publicKey };
}

test('both sides compute what the paper says, for identities of both forms', () => {
  fc.assert(
    fc.property(
      identity,
      identity,
      bytes32,
      fc.uint8Array({ maxLength: 40 }),
      fc.nat(2),
      (one, other, ek, info, pick) => {
        const recipient = createPerson(other);
        const preKey = recipient.preKeys[pick]!;
        const initiation = initiate({
          identityKeyPair: one,
          bundle: verifyBundle(recipient.bundle),
          info,
          randomness: { ...systemRandomness, ephemeralKey: () => ek, choosePreKey: (preKeys) => preKeys[pick]! },
        });
        const header = importKeyExchangeHeader(initiation.header);
        const acceptance = accept({
          identityKeyPair: other,
          signedPreKey: recipient.signedPreKey,
          preKey,
          header,
          info,
        });

        const paperAlice = aliceSharedSecret({
          IKA: plain(one.x25519),
          EKA: { d: ek, u: header.ephemeralKey },
          IKB: ed25519ToX25519(other.publicKey),
          SPKB: recipient.signedPreKey.keyPair.publicKey,
          OPKB: preKey.keyPair.publicKey,
          info,
        });
        const paperBob = bobSharedSecret({
          IKA: ed25519ToX25519(one.publicKey),
          EKA: header.ephemeralKey,
          IKB: plain(other.x25519),
          SPKB: plain(recipient.signedPreKey.keyPair),
          OPKB: plain(preKey.keyPair),
          info,
        });
        expect(hex(initiation.sharedSecret.expose())).toBe(hex(paperAlice));
        expect(hex(acceptance.sharedSecret.expose())).toBe(hex(paperBob));
        expect(hex(paperAlice)).toBe(hex(paperBob));
        expect(hex(initiation.associatedData)).toBe(hex(one.publicKey) + hex(other.publicKey));
        expect(acceptance.associatedData).toEqual(initiation.associatedData);
      },
    ),
    { numRuns: 25 },
  );
});
