import { createHash } from 'node:crypto';
import type { Randomness } from '@omemo-kit/omemo-core';

/**
 * Every draw from one seed, so that a run can be made again call by call: which session wins a crossing and how large a
 * record is depend on draws. Tests only; the keys are as secret as the seed.
 */
export function seededRandomness(seed: string): Randomness {
  let draws = 0;
  const bytes = (length: number): Uint8Array => {
    const hash = createHash('shake256', { outputLength: length });
    return Uint8Array.from(hash.update(`${seed} ${draws++}`).digest());
  };
  const key = () => bytes(32);
  const below = (end: number) => new DataView(bytes(4).buffer).getUint32(0) % end;
  let next = 0;
  return {
    identitySeed: key,
    signedPreKey: key,
    preKey: key,
    ephemeralKey: key,
    ratchetKey: key,
    payloadKey: key,
    signatureNonce: () => bytes(64),
    commitId: () => bytes(16),
    deviceId: () => 1 + below(0x7fff_fffe),
    padding: () => 'x'.repeat(below(20)),
    messageId: () => Buffer.from(bytes(12)).toString('hex'),
    jitter: () => 0,
    // Another one each time: two sessions under way at once that need the same one are a test of their own.
    choosePreKey: (keys) => keys[next++ % keys.length]!,
  };
}
