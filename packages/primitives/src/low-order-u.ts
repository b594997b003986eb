import { hexToBytes } from '@noble/hashes/utils.js';

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
const lowOrderU = LOW_ORDER_U.map(hexToBytes);

/** Does every private key give an all-zero secret with this u? Public data: ends at the first difference. */
export function isLowOrderU(publicKey: Uint8Array): boolean {
  return lowOrderU.some((point) =>
    point.every((byte, i) => byte === ((publicKey[i] as number) & (i === 31 ? 0x7f : 0xff))),
  );
}
