import { OmemoError } from '../errors.ts';

export class ByteWriter {
  #bytes = new Uint8Array(256);
  #length = 0;

  /** The next `count` bytes, to be filled by the caller. */
  take(count: number): Uint8Array {
    const needed = this.#length + count;
    if (needed > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    const slice = this.#bytes.subarray(this.#length, needed);
    this.#length = needed;
    return slice;
  }

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }
}

export class ByteReader {
  readonly #bytes: Uint8Array;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  take(count: number): Uint8Array {
    const end = this.#offset + count;
    if (end > this.#bytes.length) throw corrupt('ends too early');
    const slice = this.#bytes.subarray(this.#offset, end);
    this.#offset = end;
    return slice;
  }

  /** Bytes taken so far. */
  get offset(): number {
    return this.#offset;
  }

  get done(): boolean {
    return this.#offset === this.#bytes.length;
  }
}

export function corrupt(why: string): OmemoError {
  return new OmemoError('corrupt-record', `a stored record ${why}`);
}
