import { type Ed25519PublicKey, type IdentityKeyPair, sign, verify } from '@omemo-kit/primitives';
import { OmemoError } from '../errors.ts';

/** Recommended limit of a label (XEP-0384 5.3.1). */
const MAX_CODE_POINTS = 53;

/**
 * A label of exactly 32 bytes would be signed the same way as a signed pre-key, so that its signature could be passed
 * off as one (S08).
 */
const PRE_KEY_LENGTH = 32;

/**
 * Signs the label of the own device: Sig(IK, utf8(label)) (XEP-0384 5.3.1).
 *
 * @param nonce 64 random bytes, drawn only by an identity that is a scalar.
 * @throws OmemoError `invalid-argument` for a label that is too long or exactly 32 bytes.
 */
export function signLabel(identityKeyPair: IdentityKeyPair, label: string, nonce: () => Uint8Array): Uint8Array {
  const message = new TextEncoder().encode(label);
  if (message.length === PRE_KEY_LENGTH) {
    throw new OmemoError('invalid-argument', 'a label must not be exactly 32 bytes of UTF-8');
  }
  if ([...label].length > MAX_CODE_POINTS) {
    throw new OmemoError('invalid-argument', `a label has at most ${MAX_CODE_POINTS} code points`);
  }
  return sign({ identityKeyPair, message, nonce });
}

/** Whether a label may be shown: it has a signature of the device's identity key (XEP-0384 5.3.1). */
export function verifyLabel(identityKey: Ed25519PublicKey, label: string, signature: Uint8Array): boolean {
  const message = new TextEncoder().encode(label);
  if (message.length === PRE_KEY_LENGTH || [...label].length > MAX_CODE_POINTS) return false;
  return verify({ publicKey: identityKey, message, signature });
}
