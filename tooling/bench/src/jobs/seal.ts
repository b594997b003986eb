import type { Aead, RatchetHeader } from '@omemo-kit/double-ratchet';
import {
  decodeAuthenticatedMessage,
  decodeOmemoMessage,
  encodeAuthenticatedMessage,
  encodeOmemoMessage,
} from '@omemo-kit/omemo-wire';
import {
  aes256CbcDecrypt,
  aes256CbcEncrypt,
  constantTimeEqual,
  hkdfSha256,
  hmacSha256,
  type Secret,
} from '@omemo-kit/primitives';
import { ciphertextIn, macIn, messageIn, writeAuthenticated, writeMessage } from './flat-layout.ts';

const ZERO_SALT = new Uint8Array(32);
const INFO = new TextEncoder().encode('OMEMO Message Key Material');
const TAG = 16;
/** 48 bytes of key material and their padding. */
const CIPHERTEXT = 64;

/** How the parts of a message are joined and found again. */
interface Layout {
  write(header: RatchetHeader, ciphertext: Uint8Array): Uint8Array;
  wrap(mac: Uint8Array, message: Uint8Array): Uint8Array;
  unwrap(bytes: Uint8Array): { readonly mac: Uint8Array; readonly message: Uint8Array };
  ciphertext(message: Uint8Array): Uint8Array;
}

/** Fields at fixed places. */
export const flatSeal: Aead = sealIn({
  write: (header, ciphertext) => writeMessage({ ...fieldsOf(header), ciphertext }),
  wrap: writeAuthenticated,
  unwrap: (bytes) => ({ mac: macIn(bytes), message: messageIn(bytes) }),
  ciphertext: (message) => ciphertextIn(message, CIPHERTEXT),
});

/** The strict protobuf of omemo-wire. */
export const wireSeal: Aead = sealIn({
  write: (header, ciphertext) => encodeOmemoMessage({ ...fieldsOf(header), ciphertext }),
  wrap: (mac, message) => encodeAuthenticatedMessage({ mac, message }),
  unwrap: (bytes) => decodeAuthenticatedMessage(bytes),
  ciphertext: (message) => decodeOmemoMessage(message).ciphertext,
});

/** ENCRYPT and DECRYPT of OMEMO 2 (XEP-0384 4.3). */
function sealIn(layout: Layout): Aead {
  return {
    seal({ messageKey, header, plaintext, associatedData }) {
      const { key, authenticationKey, iv } = split(messageKey);
      const message = layout.write(header, aes256CbcEncrypt({ key, iv, plaintext }));
      return layout.wrap(hmacSha256(authenticationKey, associatedData, message).subarray(0, TAG), message);
    },
    open({ messageKey, message: bytes, associatedData }) {
      const { key, authenticationKey, iv } = split(messageKey);
      const { mac, message } = layout.unwrap(bytes);
      const expected = hmacSha256(authenticationKey, associatedData, message).subarray(0, TAG);
      if (!constantTimeEqual(mac, expected)) throw new TypeError('the message is not authentic');
      return aes256CbcDecrypt({ key, iv, ciphertext: layout.ciphertext(message) });
    },
  };
}

function fieldsOf({ messageNumber: n, previousChainLength: pn, ratchetKey: dhPub }: RatchetHeader) {
  return { n, pn, dhPub };
}

function split(messageKey: Secret) {
  const keys = hkdfSha256({ inputKeyMaterial: messageKey, salt: ZERO_SALT, info: INFO, length: 80 });
  return { key: keys.subarray(0, 32), authenticationKey: keys.subarray(32, 64), iv: keys.subarray(64) };
}
