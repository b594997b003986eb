/**
 * The random draws of one run. Every run has its own, made from seed, target and number, so that any one of them can be
 * done again by itself. A generator of statistical quality (sfc32), nothing secret.
 */
export class Draw {
  #a: number;
  #b: number;
  #c: number;
  #count = 1;

  constructor(seed: number, target: string, run: number) {
    let hash = seed ^ 0x9e37_79b9;
    for (let index = 0; index < target.length; index++) hash = mix(hash ^ target.charCodeAt(index));
    this.#a = mix(hash ^ run);
    this.#b = mix(this.#a ^ (run / 0x1_0000_0000));
    this.#c = mix(this.#b ^ 0x7f4a_7c15);
    for (let round = 0; round < 4; round++) this.#next();
  }

  #next(): number {
    const sum = (this.#a + this.#b + this.#count) | 0;
    this.#count = (this.#count + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
    this.#c |= 0;
    return sum >>> 0;
  }

  /** 0 to below `end`; 0 when there is nothing to choose. */
  below(end: number): number {
    return end <= 1 ? 0 : this.#next() % end;
  }

  /** True once in so many times. */
  once(times: number): boolean {
    return this.below(times) === 0;
  }

  pick<Value>(values: readonly Value[]): Value {
    return values[this.below(values.length)] as Value;
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.#next() & 0xff);
  }
}

function mix(value: number): number {
  let hash = Math.imul(value ^ (value >>> 16), 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return hash ^ (hash >>> 16);
}
