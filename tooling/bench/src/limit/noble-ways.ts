import { cbc } from '@noble/ciphers/aes.js';
import { ed25519, x25519 } from '@noble/curves/ed25519.js';
import { bytesToNumberLE } from '@noble/curves/utils.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { randomBytes } from '@noble/hashes/utils.js';
import { nextCipherInput } from './cipher-inputs.ts';
import { identityPublic, inputs, signature } from './inputs.ts';
import type { Way } from './way.ts';

const { Fp } = ed25519.Point;

const ONE = Uint8Array.of(1);
const TWO = Uint8Array.of(2);

/** The public API of noble. It works on bytes: nothing has to be made ready. */
export const nobleWays: readonly Way[] = [
  way('dh', 'getSharedSecret', () => x25519.getSharedSecret(inputs.ownPrivate, inputs.otherPublic)),
  way('publicImport', 'none needed', () => undefined),
  way('privateKey', 'getPublicKey', () => x25519.getPublicKey(randomBytes(32))),
  way('primeOrder', 'isTorsionFree', () => ed25519.Point.fromBytes(identityPublic, false).isTorsionFree()),
  way('verify', 'verify', () => ed25519.verify(signature, inputs.message, identityPublic, { zip215: false })),
  way('sign', 'sign', () => ed25519.sign(inputs.message, inputs.seed)),
  way('map', 'bare (1 + y) / (1 - y)', () => {
    const coordinate = new Uint8Array(identityPublic);
    coordinate[31] = (coordinate[31] as number) & 0x7f;
    const y = Fp.create(bytesToNumberLE(coordinate));
    return Fp.toBytes(Fp.div(Fp.add(Fp.ONE, y), Fp.sub(Fp.ONE, y)));
  }),
  way('map', 'toMontgomery', () => ed25519.utils.toMontgomery(identityPublic)),
  way('chainKeys', 'hmac', () => [hmac(sha256, inputs.chainKey, ONE), hmac(sha256, inputs.chainKey, TWO)]),
  way('messageKeys', 'hkdf', () => hkdf(sha256, inputs.messageKey, inputs.zeroSalt, inputs.messageKeysInfo, 80)),
  way('rootKeys', 'hkdf', () => hkdf(sha256, inputs.messageKey, inputs.rootKey, inputs.rootInfo, 64)),
  way('agreedKey', 'hkdf', () => hkdf(sha256, inputs.agreed, inputs.zeroSalt, inputs.agreementInfo, 32)),
  way('tag', 'hmac', () =>
    hmac.create(sha256, inputs.tagKey).update(inputs.associatedData).update(inputs.serialized).digest(),
  ),
  way('encrypt', 'cbc', () => {
    const { key, iv, plaintext } = nextCipherInput();
    return cbc(key, iv).encrypt(plaintext);
  }),
  way('decrypt', 'cbc', () => {
    const { key, iv, ciphertext } = nextCipherInput();
    return cbc(key, iv).decrypt(ciphertext);
  }),
];

function way(operation: Way['operation'], name: string, run: () => unknown): Way {
  return { operation, name: `noble ${name}`, maker: 'noble', run };
}
