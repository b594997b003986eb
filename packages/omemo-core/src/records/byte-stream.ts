import { OmemoError } from '../errors.ts';

/** Writes one value after the other, and may be used again after `finish`. Views of its buffer would cost more than the bytes: it copies. */
export class ByteWriter {
  #bytes = new Uint8Array(512);
  #length = 0;

  /** A whole number of 0 to 256^size - 1, big-endian. */
  number(value: number, size: number): void {
    this.#makeRoomFor(size);
    let rest = value;
    for (let index = this.#length + size - 1; index >= this.#length; index--) {
      this.#bytes[index] = rest % 256;
      rest = Math.floor(rest / 256);
    }
    this.#length += size;
  }

  put(bytes: Uint8Array): void {
    this.#makeRoomFor(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** What was written since the last time. Nothing of it stays behind: much of what is stored is secret. */
  finish(): Uint8Array {
    const written = this.#bytes.slice(0, this.#length);
    this.clear();
    return written;
  }

  /** Forgets what was begun. */
  clear(): void {
    this.#bytes.fill(0, 0, this.#length);
    this.#length = 0;
  }

  #makeRoomFor(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes);
    this.#bytes.fill(0);
    this.#bytes = grown;
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
