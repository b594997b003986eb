import { FormatError } from './format-error.ts';
import { fromHex } from './hex.ts';

/**
 * One value of a recording with its place in the file. Every read says what must stand there; anything else is a
 * {@link FormatError}, so that a file in another shape is reported and never half understood.
 */
export class Recorded {
  readonly value: unknown;
  readonly place: string;

  constructor(value: unknown, place = '') {
    this.value = value;
    this.place = place;
  }

  /** A member that must be there. */
  get(name: string): Recorded {
    const found = this.find(name);
    if (found === undefined) throw this.#wrong(`has no ${name}`);
    return found;
  }

  /** A member that may be missing. */
  find(name: string): Recorded | undefined {
    const members = this.#members();
    if (!Object.hasOwn(members, name)) return undefined;
    return new Recorded(members[name], this.place === '' ? name : `${this.place}.${name}`);
  }

  /** A member that may be missing or null. */
  findSet(name: string): Recorded | undefined {
    const found = this.find(name);
    return found?.isNull ? undefined : found;
  }

  has(name: string): boolean {
    return isObject(this.value) && Object.hasOwn(this.value, name);
  }

  names(): string[] {
    return Object.keys(this.#members());
  }

  items(): Recorded[] {
    if (!Array.isArray(this.value)) throw this.#wrong('is no list');
    return this.value.map((item, index) => new Recorded(item, `${this.place}[${index}]`));
  }

  get isNull(): boolean {
    return this.value === null;
  }

  get isList(): boolean {
    return Array.isArray(this.value);
  }

  get isObject(): boolean {
    return isObject(this.value);
  }

  text(): string {
    if (typeof this.value !== 'string') throw this.#wrong('is no text');
    return this.value;
  }

  flag(): boolean {
    if (typeof this.value !== 'boolean') throw this.#wrong('is neither true nor false');
    return this.value;
  }

  /** 0 to 2^53 - 1. */
  count(): number {
    if (!Number.isSafeInteger(this.value) || (this.value as number) < 0) throw this.#wrong('is no count');
    return this.value as number;
  }

  bytes(): Uint8Array {
    const bytes = typeof this.value === 'string' ? fromHex(this.value) : undefined;
    if (bytes === undefined) throw this.#wrong('is no lower-case hex');
    return bytes;
  }

  oneOf<const Word extends string>(...words: readonly Word[]): Word {
    const word = words.find((candidate) => candidate === this.value);
    if (word === undefined) throw this.#wrong(`is none of ${words.join(', ')}`);
    return word;
  }

  #members(): Record<string, unknown> {
    if (!isObject(this.value)) throw this.#wrong('is no object');
    return this.value;
  }

  #wrong(what: string): FormatError {
    return new FormatError(`${this.place === '' ? 'the file' : this.place} ${what}`);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
