import { aes256CbcDecrypt, aes256CbcEncrypt, concatBytes, constantTimeEqual, hmacSha256 } from '@omemo-kit/primitives';
import { cutTag, deriveKeys, notAuthentic, PAYLOAD_INFO, TAG_LENGTH } from './key-material.ts';
import type { SealedPayload } from './profile.ts';

const KEY_LENGTH = 32;

/** Seals a payload under a fresh 32-byte key (XEP-0384 4.4, steps 2 to 6). */
export function sealPayload({ key, plaintext }: { key: Uint8Array; plaintext: Uint8Array }): SealedPayload {
  const { encryptionKey, authenticationKey, iv } = deriveKeys(key, PAYLOAD_INFO);
  const ciphertext = aes256CbcEncrypt({ key: encryptionKey, iv, plaintext });
  const tag = cutTag(hmacSha256(authenticationKey, ciphertext));
  return { ciphertext, keyMaterial: concatBytes(key, tag) };
}

/**
 * Opens a payload with what the ratchet delivered: 32 bytes of key and 16 of tag (XEP-0384 4.5). The whole tag is
 * compared, and before decrypting (S34, R44).
 *
 * @throws OmemoError `not-authentic` for any other bytes or lengths.
 */
export function openPayload({ keyMaterial, ciphertext }: { keyMaterial: Uint8Array; ciphertext: Uint8Array }) {
  if (keyMaterial.length !== KEY_LENGTH + TAG_LENGTH) throw notAuthentic();
  const { encryptionKey, authenticationKey, iv } = deriveKeys(keyMaterial.subarray(0, KEY_LENGTH), PAYLOAD_INFO);
  const tag = cutTag(hmacSha256(authenticationKey, ciphertext));
  if (!constantTimeEqual(tag, keyMaterial.subarray(KEY_LENGTH))) throw notAuthentic();
  try {
    return aes256CbcDecrypt({ key: encryptionKey, iv, ciphertext });
  } catch (cause) {
    throw notAuthentic(cause);
  }
}
