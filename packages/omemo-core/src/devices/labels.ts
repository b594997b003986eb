import { type Ed25519PublicKey, type IdentityKeyPair, sign, verify } from '@omemo-kit/primitives';
import { OmemoError } from '../errors.ts';

/** Recommended limit of a label (XEP-0384 5.3.1). */
const MAX_CODE_POINTS = 53;

/**
 * A label of exactly 32 bytes would be signed the same way as a signed pre-key, so that its signature could be passed
 * off as one (S08).
 */
const PRE_KEY_LENGTH = 32;

/** What no attribute of XML can hold, or holds as something else: then nobody could verify the signature. */
const UNWRITABLE = /[\p{Cc}\p{Cs}\u{fffe}\u{ffff}]/u;

/**
 * Checks that a label can be published: 1 to 53 code points (XEP-0384 5.3.1) without control characters, and not exactly 32 bytes
 * of UTF-8 (S08).
 *
 * @throws OmemoError `invalid-argument`.
 */
export function checkLabel(label: string): void {
  const refuse = (why: string) => {
    throw new OmemoError('invalid-argument', why);
  };
  if (typeof label !== 'string' || label === '') refuse('a label is a text that is not empty');
  if (UNWRITABLE.test(label)) refuse('a label has no control characters');
  if (new TextEncoder().encode(label).length === PRE_KEY_LENGTH) {
    refuse('a label must not be exactly 32 bytes of UTF-8');
  }
  if ([...label].length > MAX_CODE_POINTS) refuse(`a label has at most ${MAX_CODE_POINTS} code points`);
}

/**
 * Signs the label of the own device: Sig(IK, utf8(label)) (XEP-0384 5.3.1).
 *
 * @param nonce 64 random bytes, drawn only by an identity that is a scalar.
 * @throws OmemoError `invalid-argument` see `checkLabel`.
 */
export function signLabel(identityKeyPair: IdentityKeyPair, label: string, nonce: () => Uint8Array): Uint8Array {
  checkLabel(label);
  return sign({ identityKeyPair, message: new TextEncoder().encode(label), nonce });
}

/** Whether a label may be shown: it has a signature of the device's identity key (XEP-0384 5.3.1). */
export function verifyLabel(identityKey: Ed25519PublicKey, label: string, signature: Uint8Array): boolean {
  const message = new TextEncoder().encode(label);
  if (message.length === PRE_KEY_LENGTH || [...label].length > MAX_CODE_POINTS) return false;
  return verify({ publicKey: identityKey, message, signature });
}
