import { assertBytes } from './byte-checks.ts';
import { beginHmac, block, DIGEST, feed, finishHmac, useKey, wipe } from './hmac-framing.ts';
import { exposed, type Secret } from './secret.ts';

/**
 * HMAC-SHA-256 (RFC 2104) over the data one after the other.
 * @returns 32 bytes
 */
export function hmacSha256(key: Uint8Array | Secret, ...data: Uint8Array[]): Uint8Array {
  assertBytes(exposed(key), 'key');
  for (const part of data) assertBytes(part, 'data');
  useKey(key);
  beginHmac();
  for (const part of data) feed(part);
  finishHmac();
  const mac = block.slice(0, DIGEST);
  wipe();
  return mac;
}
