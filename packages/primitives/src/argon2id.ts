import { assertBytes } from './byte-checks.ts';
import { PrimitivesError } from './primitives-error.ts';

export interface Argon2idOptions {
  /** P. A text is normalized to NFKC, so that each keyboard and system makes the same bytes of it, then encoded in UTF-8. */
  readonly passphrase: string | Uint8Array;
  /** S, 8 bytes or more; 16 random ones are recommended (RFC 9106 3.1). */
  readonly salt: Uint8Array;
  /** m, in KiB: 8 for each lane or more, at most 2,097,152 (2 GiB). */
  readonly memoryKiB: number;
  /** t, the passes over the memory: 1 to 2^32 - 1. */
  readonly iterations: number;
  /** p, the lanes: 1 to 2^24 - 1. It changes the result, and need not be the number of processors. */
  readonly parallelism: number;
  /** T, bytes to derive: 4 to 1,024. */
  readonly length: number;
  /** K: a secret kept apart from what the derived key protects; none by default. */
  readonly secret?: Uint8Array;
  /** X; none by default. */
  readonly associatedData?: Uint8Array;
}

/**
 * Argon2id, version 0x13 (RFC 9106): a key from a passphrase, at a price in time and memory that whoever guesses has to pay too.
 *
 * The event loop goes on meanwhile: in Node the work is done by another thread, elsewhere in slices of about 10 ms. The memory is
 * taken at once.
 * @throws PrimitivesError `invalid-argument` for parameters out of range and for a text that is no Unicode; `unavailable` when
 *   there is not that much memory
 */
export type Argon2id = (options: Argon2idOptions) => Promise<Uint8Array>;

/** The same with every option checked and present. */
export type Argon2idInput = { readonly [K in keyof Argon2idOptions]-?: Exclude<Argon2idOptions[K], string> };

/** The most that noble can address, and the first choice of RFC 9106 4. */
const MAX_MEMORY_KIB = 2 ** 21;
const LANE_KIB = 8;

/** The rules of this package over one implementation. */
export function createArgon2id(derive: (input: Argon2idInput) => Promise<Uint8Array>): Argon2id {
  return async (options) => {
    const input = checked(options);
    try {
      return await derive(input);
    } catch (cause) {
      // Every argument was checked, so what is left is an engine that cannot have the memory.
      throw new PrimitivesError('unavailable', `Argon2id could not run with ${input.memoryKiB} KiB`, {
        details: { memoryKiB: input.memoryKiB },
        cause,
      });
    } finally {
      // Bytes of a text are our own copy.
      if (typeof options.passphrase === 'string') input.passphrase.fill(0);
    }
  };
}

function checked(options: Argon2idOptions): Argon2idInput {
  const { salt, memoryKiB, iterations, parallelism, length } = options;
  const { secret = new Uint8Array(0), associatedData = new Uint8Array(0) } = options;
  assertBytes(salt, 'salt');
  assertBytes(secret, 'secret');
  assertBytes(associatedData, 'associatedData');
  assertRange({ name: 'salt.length', value: salt.length, from: 8, to: 2 ** 32 - 1 });
  assertRange({ name: 'iterations', value: iterations, from: 1, to: 2 ** 32 - 1 });
  assertRange({ name: 'parallelism', value: parallelism, from: 1, to: 2 ** 24 - 1 });
  assertRange({ name: 'memoryKiB', value: memoryKiB, from: LANE_KIB * parallelism, to: MAX_MEMORY_KIB });
  assertRange({ name: 'length', value: length, from: 4, to: 1024 });
  const passphrase = passphraseBytes(options.passphrase);
  return { passphrase, salt, memoryKiB, iterations, parallelism, length, secret, associatedData };
}

function passphraseBytes(passphrase: string | Uint8Array): Uint8Array {
  if (typeof passphrase !== 'string') {
    assertBytes(passphrase, 'passphrase');
    return passphrase;
  }
  // UTF-8 has no lone surrogates: an encoder would write U+FFFD for each, and different passphrases would become one.
  if (/\p{Surrogate}/u.test(passphrase)) {
    throw new PrimitivesError('invalid-argument', 'the passphrase is no Unicode text', {
      details: { name: 'passphrase' },
    });
  }
  return new TextEncoder().encode(passphrase.normalize('NFKC'));
}

function assertRange(range: { name: string; value: number; from: number; to: number }): void {
  const { name, value, from, to } = range;
  if (!Number.isInteger(value) || value < from || value > to) {
    throw new PrimitivesError('invalid-argument', `${name} must be an integer from ${from} to ${to}`, {
      details: range,
    });
  }
}
