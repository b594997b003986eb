import type { StoredRecord } from '../ports/store.ts';
import { sameBytes } from '../records/bytes.ts';
import type { RecordCodec } from '../records/codec.ts';

/** A value and the revision it was committed or read under. */
export interface Remembered {
  readonly revision: Uint8Array;
  readonly value: unknown;
}

/**
 * Units of work that read everything after one that met another writer: where there is one, it writes again, and what is taken from
 * memory costs a commit that cannot hold.
 */
const UNITS_IN_DOUBT = 1_000;

/**
 * Decoded values by key, valid for one revision only. Decoding a session makes new key objects; a revision that is
 * known already gets its live ones back instead. While nobody else writes, what is remembered is what is stored.
 */
export class RecordCache {
  readonly #entries = new Map<string, Remembered>();
  readonly #capacity: number;
  #unitsInDoubt = 0;

  /** @param capacity by default what a message to 5,000 devices needs: with less, each record goes just before it is needed again */
  constructor(capacity = 8_192) {
    this.#capacity = capacity;
  }

  /** Asked once by each unit of work: whether it may take what is remembered for what is stored, until its commit tells. */
  mayRecall(): boolean {
    if (this.#unitsInDoubt === 0) return true;
    this.#unitsInDoubt -= 1;
    return false;
  }

  /** Something that was remembered is not what is stored any more. */
  noteOtherWriter(): void {
    this.#unitsInDoubt = UNITS_IN_DOUBT;
  }

  recall(key: string): Remembered | undefined {
    return this.#entries.get(key);
  }

  decode<T>(record: StoredRecord, codec: RecordCodec<T>): T {
    const known = this.#entries.get(record.key);
    if (known !== undefined && sameBytes(known.revision, record.revision)) return known.value as T;
    const value = codec.decode(record);
    if (codec.keep) this.remember(record.key, record.revision, value);
    return value;
  }

  remember(key: string, revision: Uint8Array, value: unknown): void {
    this.#entries.delete(key);
    this.#entries.set(key, { revision, value });
    if (this.#entries.size <= this.#capacity) return;
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined) this.#entries.delete(oldest);
  }

  forget(key: string): void {
    this.#entries.delete(key);
  }
}
