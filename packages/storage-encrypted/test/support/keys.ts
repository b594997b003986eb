import type { Argon2Costs } from '../../src/argon2-costs.ts';

export const key = Uint8Array.from({ length: 32 }, (_, i) => 3 * i);
export const otherKey = new Uint8Array(32).fill(99);

/** The least that is allowed. */
export const cheap: Argon2Costs = { memoryKiB: 7 * 1024, iterations: 5, parallelism: 1 };

export const HEADER = 'omemo-kit.encrypted/header';
