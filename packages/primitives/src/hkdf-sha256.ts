import { assertBytes } from './byte-checks.ts';
import { beginHmac, block, DIGEST, extract, feed, feedByte, finishHmac, keepDigest, wipe } from './hmac-framing.ts';
import { PrimitivesError } from './primitives-error.ts';
import { exposed, type Secret } from './secret.ts';

const MAX_LENGTH = 255 * DIGEST;
/** Enough for what a message needs; more is a new array. */
const scratch = new Uint8Array(96);

export interface HkdfInput {
  readonly inputKeyMaterial: Uint8Array | Secret;
  readonly salt: Uint8Array | Secret;
  readonly info: Uint8Array;
}

/**
 * HKDF-SHA-256 (RFC 5869 2.2 and 2.3).
 * @throws PrimitivesError `invalid-argument` unless length is 1 to 8,160
 */
export function hkdfSha256({ length, ...input }: HkdfInput & { readonly length: number }): Uint8Array {
  const [output] = hkdfSha256Keys({ ...input, lengths: [length] });
  return output as Uint8Array;
}

/**
 * The output of HKDF-SHA-256 cut into keys, one after the other. V8 keeps arrays of up to 64 bytes where it keeps objects, longer ones
 * apart and at some cost: a message sealed and opened takes 4 % less than with 80 bytes that are cut afterwards (Node 26).
 * @throws PrimitivesError `invalid-argument` unless each length is 1 or more, and all together are 8,160 at most
 */
export function hkdfSha256Keys(input: HkdfInput & { readonly lengths: readonly number[] }): Uint8Array[] {
  const { info, lengths } = input;
  const inputKeyMaterial = exposed(input.inputKeyMaterial);
  const salt = exposed(input.salt);
  assertBytes(inputKeyMaterial, 'inputKeyMaterial');
  assertBytes(salt, 'salt');
  assertBytes(info, 'info');
  const total = sumOf(lengths);
  const output = total <= scratch.length ? scratch : new Uint8Array(total);
  extract(salt, inputKeyMaterial);
  expand(info, output, total);
  const keys: Uint8Array[] = [];
  let at = 0;
  for (const length of lengths) {
    keys.push(output.slice(at, at + length));
    at += length;
  }
  output.fill(0);
  return keys;
}

function sumOf(lengths: readonly number[]): number {
  let total = 0;
  for (const length of lengths) total += Number.isInteger(length) && length >= 1 ? length : Number.NaN;
  if (total >= 1 && total <= MAX_LENGTH) return total;
  throw new PrimitivesError('invalid-argument', 'HKDF gives 1 to 8,160 bytes', {
    details: { lengths: lengths.join() },
  });
}

/** OKM of the PRK that was extracted (RFC 5869 2.3). */
function expand(info: Uint8Array, output: Uint8Array, length: number): void {
  for (let counter = 1, offset = 0; offset < length; counter++, offset += DIGEST) {
    beginHmac();
    // T(i - 1) is where the next hash reads it, at the front of the block; T(0) is empty.
    if (counter > 1) keepDigest();
    feed(info);
    feedByte(counter);
    finishHmac();
    const size = Math.min(DIGEST, length - offset);
    for (let i = 0; i < size; i++) output[offset + i] = block[i] as number;
  }
  wipe();
}
