import { sha1 as nobleSha1 } from '@noble/hashes/legacy.js';

/**
 * SHA-1, 20 bytes. It is broken: collisions can be made. For protocols that use it as a name for something public, as
 * XEP-0115 does for what a client can do, and for nothing that is to be safe.
 */
export function sha1(data: Uint8Array): Uint8Array {
  return nobleSha1(data);
}
