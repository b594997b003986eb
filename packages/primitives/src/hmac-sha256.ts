import { hkdf } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { PrimitivesError } from './primitives-error.ts';
import { exposed, type Secret } from './secret.ts';

export function hmacSha256(key: Uint8Array | Secret, ...data: Uint8Array[]): Uint8Array {
  const mac = hmac.create(sha256, exposed(key));
  for (const part of data) mac.update(part);
  return mac.digest();
}

export function hkdfSha256(options: {
  readonly inputKeyMaterial: Uint8Array | Secret;
  readonly salt: Uint8Array | Secret;
  readonly info: Uint8Array;
  readonly length: number;
}): Uint8Array {
  const { length } = options;
  if (!Number.isInteger(length) || length < 1 || length > 255 * 32) {
    throw new PrimitivesError('invalid-argument', 'HKDF gives 1 to 8,160 bytes', { details: { length } });
  }
  return hkdf(sha256, exposed(options.inputKeyMaterial), exposed(options.salt), options.info, length);
}
