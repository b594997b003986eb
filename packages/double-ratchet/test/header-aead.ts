import {
  aes256CbcDecrypt,
  aes256CbcEncrypt,
  concatBytes,
  constantTimeEqual,
  hkdfSha256,
  hmacSha256,
  type Secret,
} from '@omemo-kit/primitives';
import { type Aead, RatchetError, type RatchetHeader } from '../src/index.ts';

/** AES-CBC and HMAC as the paper recommends (5.2); the header is authenticated but does not travel inside the message. */
export const headerAead: Aead = {
  seal({ messageKey, header, plaintext, associatedData }) {
    const { key, authenticationKey, iv } = split(messageKey);
    const ciphertext = aes256CbcEncrypt({ key, iv, plaintext });
    return concatBytes(ciphertext, hmacSha256(authenticationKey, associatedData, encodeHeader(header), ciphertext));
  },
  open({ messageKey, header, message, associatedData }) {
    const { key, authenticationKey, iv } = split(messageKey);
    const ciphertext = message.subarray(0, Math.max(0, message.length - 32));
    const tag = message.subarray(ciphertext.length);
    const expected = hmacSha256(authenticationKey, associatedData, encodeHeader(header), ciphertext);
    if (!constantTimeEqual(tag, expected)) throw new RatchetError('not-authentic');
    return aes256CbcDecrypt({ key, iv, ciphertext });
  },
};

export const messageKeyInfo: Uint8Array = new TextEncoder().encode('test message keys');

function encodeHeader({ ratchetKey, previousChainLength, messageNumber }: RatchetHeader): Uint8Array {
  const numbers = new Uint8Array(8);
  const view = new DataView(numbers.buffer);
  view.setUint32(0, previousChainLength);
  view.setUint32(4, messageNumber);
  return concatBytes(ratchetKey, numbers);
}

function split(messageKey: Secret): { key: Uint8Array; authenticationKey: Uint8Array; iv: Uint8Array } {
  const material = hkdfSha256({
    inputKeyMaterial: messageKey,
    salt: new Uint8Array(32),
    info: messageKeyInfo,
    length: 80,
  });
  return { key: material.subarray(0, 32), authenticationKey: material.subarray(32, 64), iv: material.subarray(64) };
}
