import type { StoredRecord } from '../ports/store.ts';
import { sameBytes } from '../records/bytes.ts';
import type { RecordCodec } from '../records/codec.ts';

/**
 * Decoded values by key, valid for one revision only. Decoding a session makes new key objects; a revision that is
 * known already gets its live ones back instead.
 */
export class RecordCache {
  readonly #entries = new Map<string, { readonly revision: Uint8Array; readonly value: unknown }>();
  readonly #capacity: number;

  constructor(capacity = 4_096) {
    this.#capacity = capacity;
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
