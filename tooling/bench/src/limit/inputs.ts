import { randomBytes } from 'node:crypto';
import { ed25519, x25519 } from '@noble/curves/ed25519.js';

/** What all ways of one operation work on; random, so that nothing is special about it. */
export const inputs = {
  ownPrivate: bytes(32),
  otherPublic: x25519.getPublicKey(bytes(32)),
  seed: bytes(32),
  message: bytes(32),
  chainKey: bytes(32),
  rootKey: bytes(32),
  messageKey: bytes(32),
  /** F and four results of X25519 (X3DH 2.2). */
  agreed: bytes(160),
  associatedData: bytes(64),
  serialized: bytes(108),
  tagKey: bytes(32),
  zeroSalt: new Uint8Array(32),
  messageKeysInfo: new TextEncoder().encode('OMEMO Message Key Material'),
  rootInfo: new TextEncoder().encode('OMEMO Root Chain'),
  agreementInfo: new TextEncoder().encode('OMEMO X3DH'),
};

export const identityPublic: Uint8Array = ed25519.getPublicKey(inputs.seed);
export const signature: Uint8Array = ed25519.sign(inputs.message, inputs.seed);

function bytes(length: number): Uint8Array {
  return new Uint8Array(randomBytes(length));
}
