import { Buffer } from 'node:buffer';
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { ed25519, x25519 } from '@noble/curves/ed25519.js';

export type NodeCurve = 'x25519' | 'ed25519';

/**
 * One way to get raw key bytes into `node:crypto`. DER is not among them: OpenSSL 3.0 takes ten times as long to read it. Key pairs
 * are never made by `generateKeyPairSync`: exporting a JWK from such a pair can hang Node 20 for ever.
 */
export interface NodeKeyFormat {
  readonly name: string;
  privateKey(curve: NodeCurve, bytes: Uint8Array): KeyObject;
  publicKey(curve: NodeCurve, bytes: Uint8Array): KeyObject;
  /** The 32 public bytes of a key made by `createPublicKey`. */
  publicBytes(publicKey: KeyObject): Uint8Array;
}

/** `raw-private` and `raw-public`: Node 24.21, 26 and later. */
const rawKeyFormat: NodeKeyFormat = {
  name: 'raw',
  privateKey: (curve, bytes) => createPrivateKey({ key: bytes, format: 'raw-private', asymmetricKeyType: curve }),
  publicKey: (curve, bytes) => createPublicKey({ key: bytes, format: 'raw-public', asymmetricKeyType: curve }),
  publicBytes: (publicKey) => new Uint8Array(publicKey.export({ format: 'raw-public' })),
};

const JWK_CURVE = { x25519: 'X25519', ed25519: 'Ed25519' } as const;

/**
 * JWK (RFC 8037), known to every Node. A private JWK has to state its public key x; Node 22 and 24 compute it anew whatever x says,
 * Node 26 refuses one that does not match.
 * @param publicKeyOf gives that x: any 32 bytes where Node ignores it, the true key where it does not
 */
function jwkKeyFormat(
  name: string,
  publicKeyOf: (curve: NodeCurve, privateKey: Uint8Array) => Uint8Array,
): NodeKeyFormat {
  return {
    name,
    privateKey: (curve, bytes) =>
      createPrivateKey({
        key: { kty: 'OKP', crv: JWK_CURVE[curve], d: base64Url(bytes), x: base64Url(publicKeyOf(curve, bytes)) },
        format: 'jwk',
      }),
    publicKey: (curve, bytes) =>
      createPublicKey({ key: { kty: 'OKP', crv: JWK_CURVE[curve], x: base64Url(bytes) }, format: 'jwk' }),
    publicBytes: (publicKey) => new Uint8Array(Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url')),
  };
}

function base64Url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url');
}

/** Best first. The last costs a multiplication per private key; it is for a Node that checks x and has no raw formats. */
export const keyFormats: readonly NodeKeyFormat[] = [
  rawKeyFormat,
  jwkKeyFormat('jwk', () => new Uint8Array(32)),
  jwkKeyFormat('jwk with x', (curve, bytes) => (curve === 'x25519' ? x25519 : ed25519).getPublicKey(bytes)),
];
