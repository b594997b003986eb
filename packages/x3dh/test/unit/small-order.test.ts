import { type Ed25519PublicKey, sign, type X25519PublicKey } from '@omemo-kit/primitives';
import { describe, expect, test } from 'vitest';
import { accept, importKeyExchangeHeader, initiate, verifyBundle } from '../../src/index.ts';
import { SMALL_ORDER_ED25519, SMALL_ORDER_X25519 } from '../curve25519.ts';
import { alice, bob, codeOf, info } from '../people.ts';

const own = alice.identityKeyPair;
const header = initiate({ identityKeyPair: own, bundle: verifyBundle(bob.bundle), info }).header;

function begin(bundle: Parameters<typeof verifyBundle>[0]): unknown {
  return initiate({ identityKeyPair: own, bundle: verifyBundle(bundle), info });
}

function answer(changed: Partial<Parameters<typeof importKeyExchangeHeader>[0]>): unknown {
  return accept({
    identityKeyPair: bob.identityKeyPair,
    signedPreKey: bob.signedPreKey,
    preKey: bob.preKeys.find(({ id }) => id === header.preKeyId)!,
    header: importKeyExchangeHeader({ ...header, ...changed }),
    info,
  });
}

describe.each(SMALL_ORDER_X25519.map((key, index) => ({ key, index })))('Curve25519 point $index', ({ key }) => {
  test('as the signed pre-key, properly signed', () => {
    const signature = sign({
      identityKeyPair: bob.identityKeyPair,
      message: key,
      nonce: () => new Uint8Array(64),
    });
    const bundle = { ...bob.bundle, signedPreKey: { id: 7, publicKey: key, signature } };
    expect(codeOf(() => begin(bundle))).toBe('invalid-signed-pre-key');
  });

  test('as the pre-key', () => {
    expect(codeOf(() => begin({ ...bob.bundle, preKeys: [{ id: 1, publicKey: key }] }))).toBe('invalid-pre-key');
  });

  test('as the ephemeral key', () => {
    expect(codeOf(() => answer({ ephemeralKey: key }))).toBe('invalid-ephemeral-key');
  });

  test('as the ephemeral key, even if nobody imported it', () => {
    expect(
      codeOf(() =>
        accept({
          identityKeyPair: bob.identityKeyPair,
          signedPreKey: bob.signedPreKey,
          preKey: bob.preKeys.find(({ id }) => id === header.preKeyId)!,
          header: { ...header, ephemeralKey: key as X25519PublicKey },
          info,
        }),
      ),
    ).toBe('invalid-ephemeral-key');
  });
});

describe.each(SMALL_ORDER_ED25519.map((key, index) => ({ key, index })))('Ed25519 point $index', ({ key }) => {
  test("as the recipient's identity key, with a signature that permissive verifiers take", () => {
    const signature = new Uint8Array(64);
    signature.set(key);
    for (const forged of [signature, new Uint8Array(64)]) {
      const bundle = {
        ...bob.bundle,
        identityKey: key,
        signedPreKey: { ...bob.bundle.signedPreKey, signature: forged },
      };
      expect(codeOf(() => begin(bundle))).toBe('invalid-identity-key');
    }
  });

  test("as the initiator's identity key", () => {
    expect(codeOf(() => answer({ identityKey: key }))).toBe('invalid-identity-key');
    const other = alice.identityKeyPair.publicKey as Ed25519PublicKey;
    expect(codeOf(() => importKeyExchangeHeader({ ...header, identityKey: key }, other))).toBe('invalid-identity-key');
  });
});
