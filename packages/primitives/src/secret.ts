import { assertBytes, assertLength } from './byte-checks.ts';
import { constantTimeEqual } from './constant-time-equal.ts';
import { PrimitivesError } from './primitives-error.ts';

const SHORTEST = 32;
const REDACTED = '[secret]';

type Made = { readonly by: object; readonly value: unknown } | undefined;
let madeOf: (secret: Secret) => Made;
let keepMade: (secret: Secret, made: Made) => void;

/**
 * 32 or more secret bytes that never show in `util.inspect`, `console.log`, `JSON.stringify`, `String` or a structured clone
 * (S62). Immutable: it copies what it is given, unless told that it may keep it. Not wiped on release: JavaScript cannot promise that.
 */
export class Secret {
  readonly #bytes: Uint8Array;
  #made: Made;

  static {
    madeOf = (secret) => secret.#made;
    keepMade = (secret, made) => {
      secret.#made = made;
    };
  }

  /**
   * @param ownership `taken`: bytes that were just made and that nobody else holds are kept as they are. A message to one more device
   *   has two secrets of this kind; a copy of each is 0.2 us and an object to collect (Node 26).
   * @throws PrimitivesError `invalid-length` for fewer than 32 bytes, which are no key of ours but a mistake
   */
  constructor(bytes: Uint8Array, ownership: 'copied' | 'taken' = 'copied') {
    assertBytes(bytes, 'secret');
    if (bytes.length < SHORTEST) {
      throw new PrimitivesError('invalid-length', `a secret has ${SHORTEST} or more bytes`, {
        details: { name: 'secret', expected: SHORTEST, actual: bytes.length },
      });
    }
    this.#bytes = ownership === 'taken' ? bytes : new Uint8Array(bytes);
  }

  /** Number of bytes. */
  get length(): number {
    return this.#bytes.length;
  }

  /** The live bytes, for computing and for storing: read, do not modify. */
  expose(): Uint8Array {
    return this.#bytes;
  }

  /** Equal bytes, compared in constant time. */
  equals(other: Secret): boolean {
    return constantTimeEqual(this.#bytes, other.#bytes);
  }

  toJSON(): string {
    return REDACTED;
  }

  toString(): string {
    return REDACTED;
  }

  get [Symbol.toStringTag](): string {
    return 'Secret';
  }

  /** What `util.inspect` and `console.log` of Node, Deno and Bun print. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return REDACTED;
  }
}

/**
 * What was made of a secret, kept with it and gone with it: the last thing, whoever made it. Inside of the object, because entries
 * of a WeakMap make the collector's work several times as long (15 us for each message of a ping-pong, Node 26).
 */
export class SecretMemory<T> {
  get(secret: Secret): T | undefined {
    const made = madeOf(secret);
    return made?.by === this ? (made.value as T) : undefined;
  }

  set(secret: Secret, value: T): void {
    keepMade(secret, { by: this, value });
  }
}

/** The bytes of either form. */
export function exposed(value: Uint8Array | Secret): Uint8Array {
  return value instanceof Secret ? value.expose() : value;
}

/** Throws unless it is a `Secret` of exactly this many bytes. */
export function assertSecret(value: Secret, length: number, name: string): void {
  if (!(value instanceof Secret)) {
    throw new PrimitivesError('invalid-argument', `${name} must be a Secret`, { details: { name } });
  }
  assertLength(value.expose(), length, name);
}
