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

/** The u of every point of order 1, 2, 4 and 8 on the curve and its twist, with the unreduced forms that still fit in 255 bits. */
const LOW_ORDER_U: readonly string[] = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
  '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
];
const lowOrderU = LOW_ORDER_U.map((hex) =>
  Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16)),
);

/** Does every private key give an all-zero secret with this u? Public data: ends at the first difference. */
export function isLowOrderU(publicKey: Uint8Array): boolean {
  return lowOrderU.some((point) =>
    point.every((byte, i) => byte === ((publicKey[i] as number) & (i === 31 ? FIELD_TOP : 0xff))),
  );
}
