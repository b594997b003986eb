import { StoreError } from '@omemo-kit/omemo-core/ports';

/** What a guess at the passphrase costs: the parameters of Argon2id (RFC 9106). */
export interface Argon2Costs {
  /** Memory in KiB, 7,168 (7 MiB) to 1,048,576 (1 GiB). */
  readonly memoryKiB: number;
  /** Passes over the memory. Memory times passes is 35,840 KiB or more, and at most 4 GiB. */
  readonly iterations: number;
  /** Lanes, 1 to 64. */
  readonly parallelism: number;
}

/**
 * The second choice of RFC 9106 4, for where 2 GiB cannot be had: more than what OWASP asks of a server that has to answer many at
 * once, and still bearable without native code. Measured on Node 26: 0.2 s with OpenSSL, 1.1 s with noble; a telephone
 * may need some seconds, once for each opening.
 */
export const defaultArgon2Costs: Argon2Costs = { memoryKiB: 64 * 1024, iterations: 3, parallelism: 4 };

/**
 * The least of the choices in OWASP's Password Storage Cheat Sheet is 7 MiB in 5 passes; its others (9 x 4, 12 x 3, 19 x 2, 46 x 1)
 * are all above both of these.
 */
const LEAST_MEMORY_KIB = 7 * 1024;
const LEAST_WORK_KIB = 5 * LEAST_MEMORY_KIB;

/** A file from somebody else must not take all memory, nor minutes: 4 GiB of passes are some 25 s without native code. */
const MOST_MEMORY_KIB = 1024 * 1024;
const MOST_WORK_KIB = 4 * 1024 * 1024;
const MOST_LANES = 64;

/** Costs that this release writes and reads. One rule for both: what is never written is not believed when it is read. */
export function areAllowed({ memoryKiB, iterations, parallelism }: Argon2Costs): boolean {
  const work = memoryKiB * iterations;
  return (
    [memoryKiB, iterations, parallelism].every((cost) => Number.isSafeInteger(cost) && cost > 0) &&
    memoryKiB >= LEAST_MEMORY_KIB &&
    memoryKiB <= MOST_MEMORY_KIB &&
    work >= LEAST_WORK_KIB &&
    work <= MOST_WORK_KIB &&
    parallelism <= MOST_LANES
  );
}

/** @throws StoreError `invalid-batch` for costs of a caller that are too low to protect anything, or too high to be read again */
export function checkCosts(costs: Argon2Costs): void {
  if (areAllowed(costs)) return;
  throw new StoreError('invalid-batch', 'Argon2id with these costs is either too cheap or too dear: see Argon2Costs');
}
