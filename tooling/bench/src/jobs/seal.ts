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
  hkdfSha256Keys,
  hmacSha256,
  type Secret,
} from '@omemo-kit/primitives';
import { ciphertextIn, macIn, messageIn, writeMac, writeUnsealed } from './flat-layout.ts';

const ZERO_SALT = new Uint8Array(32);
const INFO = new TextEncoder().encode('OMEMO Message Key Material');
const TAG = 16;
/** Of the keys made of a message key. */
const LENGTHS = [32, 32, TAG];
/** 48 bytes of key material and their padding. */
const CIPHERTEXT = 64;

/** How the parts of a message are joined and found again. */
interface Layout {
  write(header: RatchetHeader, ciphertext: Uint8Array, macOf: (message: Uint8Array) => Uint8Array): Uint8Array;
  read(bytes: Uint8Array): { readonly mac: Uint8Array; readonly message: Uint8Array };
  ciphertext(message: Uint8Array): Uint8Array;
}

/** Fields at fixed places. */
export const flatSeal: Aead = sealIn({
  write(header, ciphertext, macOf) {
    const bytes = writeUnsealed({ ...fieldsOf(header), ciphertext });
    writeMac(bytes, macOf(messageIn(bytes)));
    return bytes;
  },
  read: (bytes) => ({ mac: macIn(bytes), message: messageIn(bytes) }),
  ciphertext: (message) => ciphertextIn(message, CIPHERTEXT),
});

/** The strict protobuf of omemo-wire. */
export const wireSeal: Aead = sealIn({
  write(header, ciphertext, macOf) {
    const message = encodeOmemoMessage({ ...fieldsOf(header), ciphertext });
    return encodeAuthenticatedMessage({ mac: macOf(message).slice(0, TAG), message });
  },
  read: (bytes) => decodeAuthenticatedMessage(bytes),
  ciphertext: (message) => decodeOmemoMessage(message).ciphertext,
});

/** ENCRYPT and DECRYPT of OMEMO 2 (XEP-0384 4.3). */
function sealIn(layout: Layout): Aead {
  return {
    seal({ messageKey, header, plaintext, associatedData }) {
      const { key, authenticationKey, iv } = split(messageKey);
      return layout.write(header, aes256CbcEncrypt({ key, iv, plaintext }), (message) =>
        hmacSha256(authenticationKey, associatedData, message),
      );
    },
    open({ messageKey, message: bytes, associatedData }) {
      const { key, authenticationKey, iv } = split(messageKey);
      const { mac, message } = layout.read(bytes);
      const expected = hmacSha256(authenticationKey, associatedData, message).slice(0, TAG);
      if (!constantTimeEqual(mac, expected)) throw new TypeError('the message is not authentic');
      return aes256CbcDecrypt({ key, iv, ciphertext: layout.ciphertext(message) });
    },
  };
}

function fieldsOf({ messageNumber: n, previousChainLength: pn, ratchetKey: dhPub }: RatchetHeader) {
  return { n, pn, dhPub };
}

function split(messageKey: Secret) {
  const keys = hkdfSha256Keys({ inputKeyMaterial: messageKey, salt: ZERO_SALT, info: INFO, lengths: LENGTHS });
  const [key, authenticationKey, iv] = keys as [Uint8Array, Uint8Array, Uint8Array];
  return { key, authenticationKey, iv };
}
