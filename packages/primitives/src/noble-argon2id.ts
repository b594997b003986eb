import { argon2idAsync } from '@noble/hashes/argon2.js';
import type { Argon2idInput } from './argon2id.ts';

const KIB = 1024;

/** Pure JavaScript, for every engine; gives way to the event loop every 10 ms. */
export function deriveWithNoble(input: Argon2idInput): Promise<Uint8Array> {
  return argon2idAsync(input.passphrase, input.salt, {
    m: input.memoryKiB,
    t: input.iterations,
    p: input.parallelism,
    dkLen: input.length,
    key: input.secret,
    personalization: input.associatedData,
    maxmem: input.memoryKiB * KIB,
  });
}
