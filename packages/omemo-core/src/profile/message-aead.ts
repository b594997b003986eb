import type { Aead } from '@omemo-kit/double-ratchet';
import {
  decodeAuthenticatedMessage,
  decodeOmemoMessage,
  encodeAuthenticatedMessage,
  encodeOmemoMessage,
} from '@omemo-kit/omemo-wire';
import { aes256CbcDecrypt, aes256CbcEncrypt, constantTimeEqual, hmacSha256 } from '@omemo-kit/primitives';
import { cutTag, deriveKeys, MESSAGE_KEY_INFO, notAuthentic } from './key-material.ts';

/**
 * ENCRYPT and DECRYPT of OMEMO 2 (XEP-0384 4.3): AES-256-CBC with HMAC-SHA-256, where the tag covers the associated
 * data and the serialized OMEMOMessage with its ciphertext. The message is serialized once; those bytes are what the
 * tag covers and what travels.
 */
export const messageAead: Aead = {
  seal({ messageKey, header, plaintext, associatedData }) {
    const { encryptionKey, authenticationKey, iv } = deriveKeys(messageKey, MESSAGE_KEY_INFO);
    const message = encodeOmemoMessage({
      n: header.messageNumber,
      pn: header.previousChainLength,
      dhPub: header.ratchetKey,
      ciphertext: aes256CbcEncrypt({ key: encryptionKey, iv, plaintext }),
    });
    const mac = cutTag(hmacSha256(authenticationKey, associatedData, message));
    return encodeAuthenticatedMessage({ mac, message });
  },

  open({ messageKey, message: bytes, associatedData }) {
    const { encryptionKey, authenticationKey, iv } = deriveKeys(messageKey, MESSAGE_KEY_INFO);
    const { mac, message } = decodeAuthenticatedMessage(bytes);
    // The tag is checked over the bytes as received, before anything inside is used (X17, S36).
    if (!constantTimeEqual(mac, cutTag(hmacSha256(authenticationKey, associatedData, message)))) throw notAuthentic();
    const { ciphertext } = decodeOmemoMessage(message);
    try {
      return aes256CbcDecrypt({ key: encryptionKey, iv, ciphertext });
    } catch (cause) {
      throw notAuthentic(cause);
    }
  },
};
