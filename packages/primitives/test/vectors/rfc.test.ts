import { describe, expect, test } from 'vitest';
import { Secret } from '../../src/secret.ts';
import { hex, toHex } from '../support/hex.ts';
import { providers } from '../support/providers.ts';
import { rfcVectors } from '../support/vector-file.ts';

const { rfc7748, rfc8032, rfc5869, rfc4231 } = rfcVectors();
const noNonce = () => expect.fail('a seed draws no nonce');

describe.each(providers)('RFC numbers ($name)', ({ primitives }) => {
  test.each(rfc7748.x25519)('RFC 7748 5.2: $out', ({ scalar, u, out }) => {
    expect(toHex(primitives.x25519(new Secret(hex(scalar)), hex(u)).expose())).toBe(out);
  });

  test('RFC 7748 5.2: 1,000 iterations', () => {
    let k = new Secret(hex(`09${'00'.repeat(31)}`));
    let u = k.expose();
    for (let i = 1; i <= 1000; i++) {
      const next = primitives.x25519(k, u);
      u = k.expose();
      k = next;
      if (i === 1) expect(toHex(k.expose())).toBe(rfc7748.iterated[1]);
    }
    expect(toHex(k.expose())).toBe(rfc7748.iterated[1000]);
  });

  test.each(rfc8032)('RFC 8032 7.1: $pk', ({ sk, pk, msg, sig }) => {
    const identityKeyPair = primitives.identityKeyPairFromSeed(hex(sk));
    expect(toHex(identityKeyPair.publicKey)).toBe(pk);
    expect(toHex(primitives.sign({ identityKeyPair, message: hex(msg), nonce: noNonce }))).toBe(sig);
    const publicKey = primitives.importEd25519PublicKey(hex(pk));
    expect(primitives.verify({ publicKey, message: hex(msg), signature: hex(sig) })).toBe(true);
  });

  test.each(rfc5869)('RFC 5869 A: $okm', ({ ikm, salt, info, L, okm }) => {
    const output = primitives.hkdfSha256({
      inputKeyMaterial: hex(ikm),
      salt: hex(salt),
      info: hex(info),
      length: L,
    });
    expect(toHex(output)).toBe(okm);
  });

  test.each(rfc4231)('RFC 4231: $mac', ({ key, data, mac }) => {
    expect(toHex(primitives.hmacSha256(hex(key), hex(data)))).toBe(mac);
  });

  test('FIPS 180-4: SHA-256 of "abc"', () => {
    expect(toHex(primitives.sha256(hex('616263')))).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });
});
