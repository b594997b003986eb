/**
 * The little of a real protocol that the recorded messages need: the three protobuf messages of OMEMO and its AEAD,
 * AES-256-CBC with a truncated HMAC over associated data and the serialised message.
 */
import {
  aes256CbcDecrypt,
  aes256CbcEncrypt,
  concatBytes,
  constantTimeEqual,
  hkdfSha256,
  hmacSha256,
  type Secret,
} from '@omemo-kit/primitives';
import { type Aead, RatchetError, type RatchetHeader } from '../../src/index.ts';

export interface KeyExchange {
  readonly preKeyId: number;
  readonly signedPreKeyId: number;
  readonly identityKey: Uint8Array;
  readonly ephemeralKey: Uint8Array;
}

export interface Wire {
  readonly header: RatchetHeader;
  /** The authenticated message, without the key exchange around it. */
  readonly message: Uint8Array;
  readonly keyExchange: KeyExchange | undefined;
}

export const omemoSeal: Aead = {
  seal({ messageKey, header, plaintext, associatedData }) {
    const { key, authenticationKey, iv } = split(messageKey);
    const serialised = concatBytes(
      varintField(1, header.messageNumber),
      varintField(2, header.previousChainLength),
      bytesField(3, header.ratchetKey),
      bytesField(4, aes256CbcEncrypt({ key, iv, plaintext })),
    );
    const mac = hmacSha256(authenticationKey, associatedData, serialised).subarray(0, 16);
    return concatBytes(bytesField(1, mac), bytesField(2, serialised));
  },
  open({ messageKey, message, associatedData }) {
    const { key, authenticationKey, iv } = split(messageKey);
    const fields = readFields(message);
    const serialised = bytesOf(fields, 2);
    const mac = hmacSha256(authenticationKey, associatedData, serialised).subarray(0, 16);
    if (!constantTimeEqual(mac, bytesOf(fields, 1))) throw new RatchetError('not-authentic');
    return aes256CbcDecrypt({ key, iv, ciphertext: bytesOf(readFields(serialised), 4) });
  },
};

/** The 80 bytes a message key is stretched to: cipher key, MAC key, IV. */
export function split(messageKey: Secret): { key: Uint8Array; authenticationKey: Uint8Array; iv: Uint8Array } {
  const material = hkdfSha256({
    inputKeyMaterial: messageKey,
    salt: new Uint8Array(32),
    info: new TextEncoder().encode('OMEMO Message Key Material'),
    length: 80,
  });
  return { key: material.subarray(0, 32), authenticationKey: material.subarray(32, 64), iv: material.subarray(64) };
}

export function encodeKeyExchange(keyExchange: KeyExchange, message: Uint8Array): Uint8Array {
  return concatBytes(
    varintField(1, keyExchange.preKeyId),
    varintField(2, keyExchange.signedPreKeyId),
    bytesField(3, keyExchange.identityKey),
    bytesField(4, keyExchange.ephemeralKey),
    bytesField(5, message),
  );
}

/** Takes a recorded message apart; throws WireError when it is damaged beyond that. */
export function decodeWire(bytes: Uint8Array): Wire {
  const fields = readFields(bytes);
  const isKeyExchange = typeof fields.get(1) === 'number';
  const message = isKeyExchange ? bytesOf(fields, 5) : bytes;
  const header = readFields(bytesOf(readFields(message), 2));
  return {
    header: {
      messageNumber: numberOf(header, 1),
      previousChainLength: numberOf(header, 2),
      ratchetKey: bytesOf(header, 3),
    },
    message,
    keyExchange: isKeyExchange
      ? {
          preKeyId: numberOf(fields, 1),
          signedPreKeyId: numberOf(fields, 2),
          identityKey: bytesOf(fields, 3),
          ephemeralKey: bytesOf(fields, 4),
        }
      : undefined,
  };
}

export class WireError extends Error {}

type Fields = ReadonlyMap<number, number | Uint8Array>;

function readFields(bytes: Uint8Array): Fields {
  const fields = new Map<number, number | Uint8Array>();
  let position = 0;
  const varint = () => {
    for (let value = 0, scale = 1; ; scale *= 128) {
      const byte = bytes[position];
      if (byte === undefined) throw new WireError('cut short');
      position += 1;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  };
  while (position < bytes.length) {
    const tag = varint();
    if (tag % 8 === 0) {
      fields.set(tag >> 3, varint());
    } else if (tag % 8 === 2) {
      const length = varint();
      if (position + length > bytes.length) throw new WireError('cut short');
      fields.set(tag >> 3, bytes.slice(position, position + length));
      position += length;
    } else {
      throw new WireError('unknown wire type');
    }
  }
  return fields;
}

function numberOf(fields: Fields, field: number): number {
  const value = fields.get(field);
  if (typeof value !== 'number') throw new WireError(`no number ${field}`);
  return value;
}

function bytesOf(fields: Fields, field: number): Uint8Array {
  const value = fields.get(field);
  if (!(value instanceof Uint8Array)) throw new WireError(`no bytes ${field}`);
  return value;
}

function varintField(field: number, value: number): Uint8Array {
  return concatBytes(Uint8Array.of(field << 3), encodeVarint(value));
}

function bytesField(field: number, value: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of((field << 3) | 2), encodeVarint(value.length), value);
}

function encodeVarint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  return Uint8Array.from([...bytes, rest]);
}
