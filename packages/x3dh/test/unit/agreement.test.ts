import { expect, test } from 'vitest';
import {
  accept,
  type Initiation,
  importKeyExchangeHeader,
  initiate,
  type PreKeyPair,
  systemRandomness,
  verifyBundle,
} from '../../src/index.ts';
import { torsionAliases } from '../curve25519.ts';
import { hex } from '../hex.ts';
import { alice, bob, codeOf, errorOf, info } from '../people.ts';

const bundle = verifyBundle(bob.bundle);

function begin(): Initiation {
  return initiate({ identityKeyPair: alice.identityKeyPair, bundle, info });
}

function preKeyOf({ header }: Initiation): PreKeyPair {
  return bob.preKeys.find(({ id }) => id === header.preKeyId)!;
}

test('one agreement: same secret, same associated data, the pre-key that was named', () => {
  const initiation = begin();
  const preKey = preKeyOf(initiation);
  const acceptance = accept({
    identityKeyPair: bob.identityKeyPair,
    signedPreKey: bob.signedPreKey,
    preKey,
    header: initiation.header,
    info,
  });
  expect(acceptance.sharedSecret.equals(initiation.sharedSecret)).toBe(true);
  expect(acceptance.associatedData).toEqual(initiation.associatedData);
  expect(initiation.associatedData).toHaveLength(64);
  expect(initiation.preKey).toEqual(preKey.keyPair.publicKey);
  expect(initiation.signedPreKey).toEqual(bob.signedPreKey.keyPair.publicKey);
});

test('every agreement draws another ephemeral key, and so has another secret', () => {
  const secrets = Array.from({ length: 4 }, () => hex(begin().sharedSecret.expose()));
  expect(new Set(secrets).size).toBe(4);
});

test('another info is another secret', () => {
  const initiation = begin();
  const acceptance = accept({
    identityKeyPair: bob.identityKeyPair,
    signedPreKey: bob.signedPreKey,
    preKey: preKeyOf(initiation),
    header: initiation.header,
    info: new Uint8Array(),
  });
  expect(acceptance.sharedSecret.equals(initiation.sharedSecret)).toBe(false);
});

test('without the pre-key and signed pre-key of the header there is no agreement', () => {
  const { header } = begin();
  const own = { identityKeyPair: bob.identityKeyPair, signedPreKey: bob.signedPreKey, header, info };
  const named = preKeyOf(begin());
  const missing = undefined as unknown as PreKeyPair;
  const wrong = { ...named, id: header.preKeyId + 1 };
  expect(errorOf(() => accept({ ...own, preKey: wrong })).details).toEqual({
    preKeyId: header.preKeyId,
    signedPreKeyId: 7,
  });
  expect(codeOf(() => accept({ ...own, preKey: missing }))).toBe('pre-key-mismatch');
  const unnamed = { ...header, preKeyId: undefined as unknown as number };
  expect(codeOf(() => accept({ ...own, header: unnamed, preKey: missing }))).toBe('pre-key-mismatch');
  const rotated = { ...bob.signedPreKey, id: 8 };
  const preKey = { ...named, id: header.preKeyId };
  expect(codeOf(() => accept({ ...own, signedPreKey: rotated, preKey }))).toBe('pre-key-mismatch');
});

test('the choice of a pre-key has to be one of the bundle', () => {
  const randomness = { ...systemRandomness, choosePreKey: () => ({ id: 1, publicKey: new Uint8Array(32).fill(9) }) };
  const { identityKeyPair } = alice;
  expect(codeOf(() => initiate({ identityKeyPair, bundle, info, randomness }))).toBe('invalid-argument');
});

test('fifteen aliases of an ephemeral key: the encodings are refused, the points share the secret', () => {
  const initiation = begin();
  const { header } = initiation;
  const points = [header.ephemeralKey, ...torsionAliases(header.ephemeralKey)];
  expect(new Set(points.map(hex)).size).toBe(8);
  const secrets = new Set<string>();
  for (const ephemeralKey of points) {
    const highBit = ephemeralKey.slice();
    highBit[31] = (highBit[31] ?? 0) | 0x80;
    expect(codeOf(() => importKeyExchangeHeader({ ...header, ephemeralKey: highBit }))).toBe('invalid-ephemeral-key');
    const { sharedSecret } = accept({
      identityKeyPair: bob.identityKeyPair,
      signedPreKey: bob.signedPreKey,
      preKey: preKeyOf(initiation),
      header: importKeyExchangeHeader({ ...header, ephemeralKey }),
      info,
    });
    secrets.add(hex(sharedSecret.expose()));
  }
  expect([...secrets]).toEqual([hex(initiation.sharedSecret.expose())]);
});

test('a header is copied on import, and a known identity key is taken over', () => {
  const { header } = begin();
  const raw = { ...header, identityKey: header.identityKey.slice(), ephemeralKey: header.ephemeralKey.slice() };
  const imported = importKeyExchangeHeader(raw);
  raw.ephemeralKey.fill(0);
  raw.identityKey.fill(0);
  expect(imported).toEqual(header);
  expect(importKeyExchangeHeader(header, header.identityKey).identityKey).toBe(header.identityKey);
});

test('no secret shows when a result is printed or serialised', () => {
  const initiation = begin();
  const secret = hex(initiation.sharedSecret.expose());
  expect(JSON.stringify(initiation)).not.toContain(secret);
  expect(JSON.stringify(bob.preKeys)).toContain('[secret]');
});
