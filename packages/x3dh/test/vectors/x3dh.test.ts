import { identityKeyPairFromScalar } from '@omemo-kit/primitives';
import { describe, expect, test } from 'vitest';
import {
  accept,
  generatePreKeys,
  generateSignedPreKey,
  importKeyExchangeHeader,
  initiate,
  type PreKeyPair,
  type SignedPreKeyPair,
  systemRandomness,
  verifyBundle,
} from '../../src/index.ts';
import { hex, unhex } from '../hex.ts';
import { identityOf, type RecordedAgreement, type RecordedDevice, readCases } from './vector-file.ts';

const cases = readCases<RecordedAgreement>('x3dh');

/** python-omemo signs with XEdDSA even when the identity is a seed, so the recorded signature is that of the scalar. */
function signedPreKeyOf(device: RecordedDevice): SignedPreKeyPair {
  return generateSignedPreKey({
    id: device.spk.id,
    identityKeyPair: identityKeyPairFromScalar(unhex(device.ik_priv)),
    randomness: {
      ...systemRandomness,
      signedPreKey: () => unhex(device.spk.priv),
      signatureNonce: () => unhex(device.spk.sig_nonce),
    },
  });
}

function preKeysOf(device: RecordedDevice): PreKeyPair[] {
  const draws = device.pks.map(({ priv }) => unhex(priv)).values();
  return generatePreKeys({
    firstId: device.pks[0]?.id ?? 0,
    count: device.pks.length,
    randomness: { ...systemRandomness, preKey: () => draws.next().value ?? new Uint8Array() },
  });
}

test('the file has all its cases, of both identity forms', () => {
  expect(cases).toHaveLength(8);
  expect(new Set(cases.map(({ alice }) => alice.ik_seed === null))).toEqual(new Set([true, false]));
});

describe.each(cases.map((recorded, index) => ({ recorded, index })))('agreement $index', ({ recorded }) => {
  const { alice, bob } = recorded;
  const info = new TextEncoder().encode(recorded.info);

  test('recorded draws give the recorded bundles', () => {
    for (const device of [alice, bob]) {
      expect(hex(identityOf(device).publicKey)).toBe(device.ik_ed25519);
      const signedPreKey = signedPreKeyOf(device);
      expect(hex(signedPreKey.keyPair.publicKey)).toBe(device.spk.pub);
      expect(hex(signedPreKey.signature)).toBe(device.spk.sig);
      expect(preKeysOf(device).map(({ id, keyPair }) => ({ id, pub: hex(keyPair.publicKey) }))).toEqual(
        device.pks.map(({ id, pub }) => ({ id, pub })),
      );
    }
  });

  test('both sides reach the recorded secret', () => {
    const bundle = verifyBundle({
      identityKey: unhex(bob.ik_ed25519),
      signedPreKey: { id: bob.spk.id, publicKey: unhex(bob.spk.pub), signature: unhex(bob.spk.sig) },
      preKeys: bob.pks.map(({ id, pub }) => ({ id, publicKey: unhex(pub) })),
    });
    const initiation = initiate({
      identityKeyPair: identityOf(alice),
      bundle,
      info,
      randomness: {
        ...systemRandomness,
        ephemeralKey: () => unhex(recorded.ek_priv),
        choosePreKey: (preKeys) => preKeys.find(({ publicKey }) => hex(publicKey) === recorded.pk)!,
      },
    });
    expect(hex(initiation.sharedSecret.expose())).toBe(recorded.shared_secret);
    expect(hex(initiation.associatedData)).toBe(recorded.associated_data);
    expect(hex(initiation.signedPreKey)).toBe(recorded.spk);
    expect(hex(initiation.preKey)).toBe(recorded.pk);
    expect(hex(initiation.header.identityKey)).toBe(alice.ik_ed25519);
    expect(hex(initiation.header.ephemeralKey)).toBe(recorded.ek);
    expect(initiation.header.preKeyId).toBe(recorded.pk_id);
    expect(initiation.header.signedPreKeyId).toBe(recorded.spk_id);

    const acceptance = accept({
      identityKeyPair: identityOf(bob),
      signedPreKey: signedPreKeyOf(bob),
      preKey: preKeysOf(bob).find(({ id }) => id === recorded.pk_id)!,
      header: importKeyExchangeHeader({
        identityKey: unhex(alice.ik_ed25519),
        ephemeralKey: unhex(recorded.ek),
        signedPreKeyId: recorded.spk_id,
        preKeyId: recorded.pk_id,
      }),
      info,
    });
    expect(hex(acceptance.sharedSecret.expose())).toBe(recorded.shared_secret);
    expect(hex(acceptance.associatedData)).toBe(recorded.associated_data);
  });
});
