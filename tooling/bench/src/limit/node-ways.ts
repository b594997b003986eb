import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  randomBytes,
  sign,
  verify,
} from 'node:crypto';
import { x25519 } from '@noble/curves/ed25519.js';
import { nextCipherInput } from './cipher-inputs.ts';
import { identityPublic, inputs, signature } from './inputs.ts';
import type { Way } from './way.ts';

type Curve = 'x25519' | 'ed25519';
const HASH = 'sha256';
/** PKCS#8 and SubjectPublicKeyInfo around 32 bytes (RFC 8410). */
const PKCS8 = { x25519: '302e020100300506032b656e04220420', ed25519: '302e020100300506032b657004220420' };
const SPKI = { x25519: '302a300506032b656e032100', ed25519: '302a300506032b6570032100' };

const privateOf = (curve: Curve, bytes: Uint8Array): KeyObject =>
  createPrivateKey({
    key: Buffer.from(PKCS8[curve] + Buffer.from(bytes).toString('hex'), 'hex'),
    format: 'der',
    type: 'pkcs8',
  });
const publicOf = (curve: Curve, bytes: Uint8Array): KeyObject =>
  createPublicKey({ key: Buffer.concat([Buffer.from(SPKI[curve], 'hex'), bytes]), format: 'der', type: 'spki' });

const own = privateOf('x25519', inputs.ownPrivate);
const other = publicOf('x25519', inputs.otherPublic);
const identity = privateOf('ed25519', inputs.seed);
const identityKey = publicOf('ed25519', identityPublic);
const probed = publicOf('x25519', x25519.getPublicKey(inputs.seed));

const ONE = Uint8Array.of(1);
const TWO = Uint8Array.of(2);

/** Ways of `node:crypto`. Those that this Node does not know throw, and are left out by whoever tries them. */
export const nodeWays: readonly Way[] = [
  way('dh', 'diffieHellman', () => diffieHellman({ privateKey: own, publicKey: other })),
  way('publicImport', 'raw', () =>
    createPublicKey({ key: inputs.otherPublic, format: 'raw-public', asymmetricKeyType: 'x25519' }),
  ),
  way('publicImport', 'jwk', () =>
    createPublicKey({ key: { kty: 'OKP', crv: 'X25519', x: base64(inputs.otherPublic) }, format: 'jwk' }),
  ),
  way('publicImport', 'der', () => publicOf('x25519', inputs.otherPublic)),
  way('privateKey', 'seed, raw', () => {
    const key = createPrivateKey({ key: randomBytes(32), format: 'raw-private', asymmetricKeyType: 'x25519' });
    return createPublicKey(key).export({ format: 'raw-public' });
  }),
  way('privateKey', 'seed, jwk', () => {
    const d = randomBytes(32).toString('base64url');
    const key = createPrivateKey({ key: { kty: 'OKP', crv: 'X25519', d, x: d }, format: 'jwk' });
    return createPublicKey(key).export({ format: 'jwk' });
  }),
  way('privateKey', 'generateKeyPairSync, der', () =>
    generateKeyPairSync('x25519', {
      publicKeyEncoding: { type: 'spki', format: 'der' },
      privateKeyEncoding: { type: 'pkcs8', format: 'der' },
    }),
  ),
  // The exact test by one multiplication with 5L - 1: its cost is that of any other.
  way('primeOrder', 'one X25519', () => diffieHellman({ privateKey: own, publicKey: probed })),
  way('verify', 'verify', () => verify(null, inputs.message, identityKey, signature)),
  way('sign', 'sign', () => sign(null, inputs.message, identity)),
  way('chainKeys', 'createHmac', () => [hmac(inputs.chainKey, ONE), hmac(inputs.chainKey, TWO)]),
  way('messageKeys', 'hkdfSync', () => hkdfSync(HASH, inputs.messageKey, inputs.zeroSalt, inputs.messageKeysInfo, 80)),
  way('rootKeys', 'hkdfSync', () => hkdfSync(HASH, inputs.messageKey, inputs.rootKey, inputs.rootInfo, 64)),
  way('agreedKey', 'hkdfSync', () => hkdfSync(HASH, inputs.agreed, inputs.zeroSalt, inputs.agreementInfo, 32)),
  way('tag', 'createHmac', () => hmac(inputs.tagKey, inputs.associatedData, inputs.serialized)),
  way('encrypt', 'createCipheriv', () => {
    const { key, iv, plaintext } = nextCipherInput();
    const cipher = createCipheriv('aes-256-cbc', key, iv);
    return [cipher.update(plaintext), cipher.final()];
  }),
  way('encrypt', 'createCipheriv, whole blocks', () => {
    const { key, iv, padded } = nextCipherInput();
    const cipher = createCipheriv('aes-256-cbc', key, iv);
    cipher.setAutoPadding(false);
    return cipher.update(padded);
  }),
  way('decrypt', 'createDecipheriv', () => {
    const { key, iv, ciphertext } = nextCipherInput();
    const decipher = createDecipheriv('aes-256-cbc', key, iv);
    return [decipher.update(ciphertext), decipher.final()];
  }),
  way('decrypt', 'createDecipheriv, whole blocks', () => {
    const { key, iv, ciphertext } = nextCipherInput();
    const decipher = createDecipheriv('aes-256-cbc', key, iv);
    decipher.setAutoPadding(false);
    return decipher.update(ciphertext);
  }),
];

function way(operation: Way['operation'], name: string, run: () => unknown): Way {
  return { operation, name: `node:crypto ${name}`, maker: 'node:crypto', run };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url');
}

function hmac(key: Uint8Array, ...data: Uint8Array[]): Buffer {
  const mac = createHmac(HASH, key);
  for (const part of data) mac.update(part);
  return mac.digest();
}
