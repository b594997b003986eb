import { createPrimitives } from './create-primitives.ts';
import { nobleProvider } from './noble-provider.ts';

export { concatBytes } from './concat-bytes.ts';
export type { HkdfInput } from './hkdf-sha256.ts';
export type { Ed25519PublicKey, IdentityKeyPair, X25519KeyPair, X25519PublicKey } from './keys.ts';
export type { Curve, Primitives } from './primitives.ts';
export { PrimitivesError, type PrimitivesErrorCode, type PrimitivesErrorDetails } from './primitives-error.ts';
export { Secret } from './secret.ts';

export const {
  importX25519PublicKey,
  importEd25519PublicKey,
  recallEd25519PublicKey,
  x25519KeyPair,
  x25519,
  identityKeyPairFromSeed,
  identityKeyPairFromScalar,
  sign,
  verify,
  ed25519ToX25519,
  x25519ToEd25519,
  sha256,
  hmacSha256,
  hkdfSha256,
  hkdfSha256Keys,
  aes256CbcEncrypt,
  aes256CbcDecrypt,
  constantTimeEqual,
  randomBytes,
  randomInteger,
} = createPrimitives(nobleProvider);
