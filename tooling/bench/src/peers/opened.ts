import { deepEqual } from 'node:assert/strict';

/**
 * What came out of messages, to be checked when the clock has stopped. Copied to one place: thousands of arrays that live on would
 * make the garbage collector a part of what is measured, which nobody who reads a message has to pay.
 */
export class Opened {
  readonly #expected: Uint8Array;
  readonly #units: number;
  readonly #bytes: Uint8Array;
  #count = 0;

  constructor(expected: Uint8Array, units: number) {
    this.#expected = expected;
    this.#units = units;
    this.#bytes = new Uint8Array(units * expected.length);
  }

  /** @throws RangeError for more, or for longer ones, than there should be */
  add(plaintext: Uint8Array): void {
    this.#bytes.set(plaintext, this.#count++ * this.#expected.length);
  }

  /** @throws AssertionError unless all are there and right */
  check(): void {
    const { length } = this.#expected;
    deepEqual(this.#count, this.#units);
    for (let at = 0; at < this.#bytes.length; at += length) {
      deepEqual(this.#bytes.subarray(at, at + length), this.#expected);
    }
  }
}
