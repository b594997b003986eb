/*
 * OMEMOMessage inside OMEMOAuthenticatedMessage (XEP-0384 section 12) with every field at its place, as libraries write it. It is
 * read by those places: the jobs measure the ratchet and the key agreement, not a parser. What the strict one of omemo-wire costs
 * is a job of its own.
 */

const MAC_AT = 2;
const MAC_END = MAC_AT + 16;
const MESSAGE_AT = MAC_END + 2;
const KEY = 32;
/** Up to 127 bytes a length is one byte: true of a message of 48 bytes to a device. */
const LONGEST = 127;

/** The whole, with room for the MAC, which covers the message in it. */
export function writeUnsealed(fields: {
  n: number;
  pn: number;
  dhPub: Uint8Array;
  ciphertext: Uint8Array;
}): Uint8Array {
  const { n, pn, dhPub, ciphertext } = fields;
  const length = 6 + varintLength(n) + varintLength(pn) + KEY + ciphertext.length;
  if (length > LONGEST) throw new RangeError(`${length} bytes do not fit into this layout`);
  const bytes = new Uint8Array(MESSAGE_AT + length);
  bytes[0] = 0x0a;
  bytes[1] = MAC_END - MAC_AT;
  bytes[MAC_END] = 0x12;
  bytes[MAC_END + 1] = length;
  bytes[MESSAGE_AT] = 0x08;
  let at = writeVarint(bytes, MESSAGE_AT + 1, n);
  bytes[at] = 0x10;
  at = writeVarint(bytes, at + 1, pn);
  bytes[at] = 0x1a;
  bytes[at + 1] = KEY;
  bytes.set(dhPub, at + 2);
  at += 2 + KEY;
  bytes[at] = 0x22;
  bytes[at + 1] = ciphertext.length;
  bytes.set(ciphertext, at + 2);
  return bytes;
}

export function writeMac(bytes: Uint8Array, mac: Uint8Array): void {
  for (let at = MAC_AT; at < MAC_END; at++) bytes[at] = mac[at - MAC_AT] as number;
}

export function macIn(bytes: Uint8Array): Uint8Array {
  return bytes.slice(MAC_AT, MAC_END);
}

export function messageIn(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(MESSAGE_AT);
}

/** @param length of the ciphertext, which is the last field */
export function ciphertextIn(message: Uint8Array, length: number): Uint8Array {
  return message.slice(message.length - length);
}

function varintLength(value: number): number {
  let length = 1;
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) length++;
  return length;
}

/** @returns where it ends */
function writeVarint(bytes: Uint8Array, from: number, value: number): number {
  let at = from;
  let rest = value;
  for (; rest > LONGEST; rest >>>= 7) bytes[at++] = (rest & LONGEST) | 0x80;
  bytes[at++] = rest;
  return at;
}
