const FIELD_TOP = 0x7f;

/** Is the 255-bit little-endian number below p = 2^255 - 19? The high bit of byte 31 is ignored. */
export function isBelowP(bytes: Uint8Array): boolean {
  if (((bytes[31] as number) & FIELD_TOP) !== FIELD_TOP) return true;
  for (let i = 30; i > 0; i--) if (bytes[i] !== 0xff) return true;
  return (bytes[0] as number) < 0xed;
}

/** Is the high bit of byte 31 set? In u it is unused (RFC 7748 5), in an Ed25519 key it is the sign of x. */
export function hasHighBit(bytes: Uint8Array): boolean {
  return ((bytes[31] as number) & 0x80) !== 0;
}
