/** Of RFC 4648 section 4. */
export const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

const DIGITS = Uint8Array.from(ALPHABET, (digit) => digit.charCodeAt(0));
const PADDING = 0x3d;
const ascii = new TextDecoder();

/** Base64 for engines that have none of their own: half of what joining strings takes, and no pieces. */
export function encodeWithTable(bytes: Uint8Array): string {
  const { length } = bytes;
  const digits = new Uint8Array(Math.ceil(length / 3) * 4).fill(PADDING);
  let at = 0;
  for (let index = 0; index < length; index += 3) {
    const group = (bytes[index]! << 16) | ((bytes[index + 1] ?? 0) << 8) | (bytes[index + 2] ?? 0);
    digits[at] = DIGITS[group >>> 18]!;
    digits[at + 1] = DIGITS[(group >>> 12) & 63]!;
    if (index + 1 < length) digits[at + 2] = DIGITS[(group >>> 6) & 63]!;
    if (index + 2 < length) digits[at + 3] = DIGITS[group & 63]!;
    at += 4;
  }
  return ascii.decode(digits);
}
