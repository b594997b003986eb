import { PrimitivesError } from './primitives-error.ts';

/** True for any `Uint8Array`, one of another realm (iframe, worker, test runner) included. */
export function isBytes(value: unknown): value is Uint8Array {
  return (
    value instanceof Uint8Array ||
    (ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === '[object Uint8Array]')
  );
}

/** Throws `invalid-argument` for what is no `Uint8Array`. */
export function assertBytes(value: Uint8Array, name: string): void {
  if (!isBytes(value))
    throw new PrimitivesError('invalid-argument', `${name} must be a Uint8Array`, { details: { name } });
}

/** Throws `invalid-length` unless there are exactly `expected` bytes; nothing is cut or padded (S10). */
export function assertLength(value: Uint8Array, expected: number, name: string): void {
  assertBytes(value, name);
  if (value.length !== expected) {
    throw new PrimitivesError('invalid-length', `${name} must have ${expected} bytes`, {
      details: { name, expected, actual: value.length },
    });
  }
}
