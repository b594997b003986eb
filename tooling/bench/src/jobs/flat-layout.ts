import { concatBytes } from '@omemo-kit/primitives';

/*
 * OMEMOMessage inside OMEMOAuthenticatedMessage (XEP-0384 section 12) with every field at its place, as libraries write it. It is
 * read by those places: the jobs measure the ratchet and the key agreement, not a parser. What the strict one of omemo-wire costs
 * is a job of its own.
 */

const MAC_AT = 2;
const MAC_END = MAC_AT + 16;
/** Up to 127 bytes a length is one byte: true of a message of 48 bytes to a device. */
const LONGEST = 127;

export function writeMessage(fields: { n: number; pn: number; dhPub: Uint8Array; ciphertext: Uint8Array }): Uint8Array {
  const { n, pn, dhPub, ciphertext } = fields;
  return concatBytes(
    Uint8Array.of(0x08, ...varint(n), 0x10, ...varint(pn), 0x1a, dhPub.length),
    dhPub,
    Uint8Array.of(0x22, short(ciphertext.length)),
    ciphertext,
  );
}

export function writeAuthenticated(mac: Uint8Array, message: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(0x0a, mac.length), mac, Uint8Array.of(0x12, short(message.length)), message);
}

export function macIn(authenticated: Uint8Array): Uint8Array {
  return authenticated.subarray(MAC_AT, MAC_END);
}

export function messageIn(authenticated: Uint8Array): Uint8Array {
  return authenticated.subarray(MAC_END + 2);
}

/** @param length of the ciphertext, which is the last field */
export function ciphertextIn(message: Uint8Array, length: number): Uint8Array {
  return message.subarray(message.length - length);
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > LONGEST; rest >>>= 7) bytes.push((rest & LONGEST) | 0x80);
  bytes.push(rest);
  return bytes;
}

function short(length: number): number {
  if (length > LONGEST) throw new RangeError(`${length} bytes do not fit into this layout`);
  return length;
}
