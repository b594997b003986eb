import { hkdfSha256Keys, type Secret } from '@omemo-kit/primitives';
import { OmemoError } from '../errors.ts';

const utf8 = new TextEncoder();

/** "256 zero-bits as HKDF salt" (XEP-0384 4.3, 4.4). */
const ZERO_SALT = new Uint8Array(32);
/** The info strings (XEP-0384 4.2, R01; 4.3, R29, R31; 4.4, R40). */
export const MESSAGE_KEY_INFO = utf8.encode('OMEMO Message Key Material');
export const PAYLOAD_INFO = utf8.encode('OMEMO Payload');
export const ROOT_KEY_INFO = utf8.encode('OMEMO Root Chain');
export const KEY_EXCHANGE_INFO = utf8.encode('OMEMO X3DH');

/** Authentication tags are the first 16 bytes (XEP-0384 4.3). */
export const TAG_LENGTH = 16;

export function cutTag(mac: Uint8Array): Uint8Array {
  return mac.subarray(0, TAG_LENGTH);
}

const KEY_LENGTHS = [32, 32, 16];

/** HKDF with zero salt, its 80 bytes as keys (XEP-0384 4.3, 4.4). */
export function deriveKeys(inputKeyMaterial: Uint8Array | Secret, info: Uint8Array) {
  const keys = hkdfSha256Keys({ inputKeyMaterial, salt: ZERO_SALT, info, lengths: KEY_LENGTHS });
  const [encryptionKey, authenticationKey, iv] = keys as [Uint8Array, Uint8Array, Uint8Array];
  return { encryptionKey, authenticationKey, iv };
}

/** One error for everything that does not authenticate or unpad, so that it tells an attacker nothing (S36). */
export function notAuthentic(cause?: unknown): OmemoError {
  return new OmemoError('not-authentic', 'the content does not authenticate', { cause });
}
