/** The X3DH paper, sections 2.2, 3.3 and 3.4, on node:crypto: nothing of the library under test. */
import { createPrivateKey, createPublicKey, diffieHellman, hkdfSync } from 'node:crypto';

export interface KeyPair {
  readonly d: Uint8Array;
  readonly u: Uint8Array;
}

/** SK as Alice computes it. */
export function aliceSharedSecret(keys: {
  IKA: KeyPair;
  EKA: KeyPair;
  IKB: Uint8Array;
  SPKB: Uint8Array;
  OPKB: Uint8Array;
  info: Uint8Array;
}): Uint8Array {
  const DH1 = DH(keys.IKA, keys.SPKB);
  const DH2 = DH(keys.EKA, keys.IKB);
  const DH3 = DH(keys.EKA, keys.SPKB);
  const DH4 = DH(keys.EKA, keys.OPKB);
  return KDF(Buffer.concat([DH1, DH2, DH3, DH4]), keys.info);
}

/** SK as Bob computes it. */
export function bobSharedSecret(keys: {
  IKA: Uint8Array;
  EKA: Uint8Array;
  IKB: KeyPair;
  SPKB: KeyPair;
  OPKB: KeyPair;
  info: Uint8Array;
}): Uint8Array {
  const DH1 = DH(keys.SPKB, keys.IKA);
  const DH2 = DH(keys.IKB, keys.EKA);
  const DH3 = DH(keys.SPKB, keys.EKA);
  const DH4 = DH(keys.OPKB, keys.EKA);
  return KDF(Buffer.concat([DH1, DH2, DH3, DH4]), keys.info);
}

function KDF(KM: Uint8Array, info: Uint8Array): Uint8Array {
  const F = Buffer.alloc(32, 0xff);
  return new Uint8Array(hkdfSync('sha256', Buffer.concat([F, KM]), Buffer.alloc(32), info, 32));
}

function DH(own: KeyPair, other: Uint8Array): Uint8Array {
  const x = base64Url(own.u);
  const privateKey = createPrivateKey({
    format: 'jwk',
    key: { kty: 'OKP', crv: 'X25519', x, d: base64Url(own.d) },
  });
  const publicKey = createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'X25519', x: base64Url(other) } });
  return diffieHellman({ privateKey, publicKey });
}

function base64Url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}
