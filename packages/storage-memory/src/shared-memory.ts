import type { StoredRecord } from '@omemo-kit/omemo-core/ports';
import { type MemoryOptions, MemoryStore, type OpenOptions } from './memory-store.ts';
import { Records } from './records.ts';

/** Every record of a memory, in byte order of the keys: plain data that a structured clone keeps. */
export type MemorySnapshot = readonly StoredRecord[];

/**
 * A memory that several stores are opened on, as tabs, workers and processes are on one database: each store is closed
 * by itself, and the records stay for the next one.
 */
export class SharedMemory {
  readonly #records: Records;

  constructor(options: MemoryOptions = {}) {
    this.#records = new Records(options.quota);
  }

  /** Bytes that keys and values take together: what the quota limits. */
  get usedBytes(): number {
    return this.#records.usedBytes;
  }

  /** A store on this memory, with pauses of its own. */
  open(options: OpenOptions = {}): MemoryStore {
    return new MemoryStore(options, this.#records);
  }

  /** A copy of everything as it is now, between two commits. */
  snapshot(): MemorySnapshot {
    return this.#records.page('', undefined, Number.POSITIVE_INFINITY);
  }

  /** Goes back to a snapshot, of this memory or of another. Stores that are open see it at once; no quota applies. */
  restore(snapshot: MemorySnapshot): void {
    this.#records.replace(snapshot);
  }
}
