import {
  type Batch,
  checkBatch,
  checkKey,
  copyBatch,
  type Store,
  type StoredRecord,
  StoreError,
} from '@omemo-kit/omemo-core/ports';
import { type Pause, type PausePoint, pauseAt } from './pause.ts';
import { Records } from './records.ts';

/** Records copied between two pauses of a listing. */
const pageSize = 256;

export interface OpenOptions {
  /** How calls give way to each other; by default each does its work in one go. */
  readonly pause?: Pause;
}

export interface MemoryOptions {
  /** Most bytes that keys and values may take together; unlimited by default. */
  readonly quota?: number;
}

/**
 * The Store port in memory. `new MemoryStore()` has its data to itself; stores that share data come from
 * `SharedMemory.open`.
 *
 * Bytes are copied on the way in, when a call is made, and on the way out. Every call rejects with a `StoreError`:
 * `conflict`, `quota`, `closed`, or `invalid-batch`, the latter also for a malformed key of `get` and prefix of `list`.
 */
export class MemoryStore implements Store {
  readonly #records: Records;
  readonly #pause: Pause | undefined;
  #closed = false;

  /** `records` is for `SharedMemory.open`. */
  constructor(options: MemoryOptions & OpenOptions = {}, records = new Records(options.quota)) {
    this.#records = records;
    this.#pause = options.pause;
  }

  async get(keys: readonly string[]): Promise<readonly (StoredRecord | undefined)[]> {
    this.#checkOpen();
    const asked = [...keys];
    for (const key of asked) checkKey(key);
    await this.#pauseAt({ operation: 'get', when: 'before', keys: asked });
    this.#checkOpen();
    const records = asked.map((key) => this.#records.read(key));
    await this.#pauseAt({ operation: 'get', when: 'after', keys: asked });
    return records;
  }

  /** An empty prefix lists everything. */
  async *list(prefix: string): AsyncGenerator<StoredRecord, void, undefined> {
    this.#checkOpen();
    if (prefix !== '') checkKey(prefix);
    let after: string | undefined;
    for (;;) {
      await this.#pauseAt({ operation: 'list', when: 'before', keys: [prefix] });
      this.#checkOpen();
      const page = this.#records.page(prefix, after, pageSize);
      for (const record of page) {
        yield record;
        this.#checkOpen();
      }
      if (page.length < pageSize) return;
      after = page.at(-1)!.key;
    }
  }

  async commit(batch: Batch): Promise<void> {
    this.#checkOpen();
    checkBatch(batch);
    const own = copyBatch(batch);
    const keys = [...own.expect, ...own.put].map(({ key }) => key).concat(own.remove);
    await this.#pauseAt({ operation: 'commit', when: 'before', keys });
    this.#checkOpen();
    this.#records.apply(own);
    await this.#pauseAt({ operation: 'commit', when: 'after', keys });
  }

  /** Closes this store only; others on the same memory stay open. A second call does nothing. */
  async close(): Promise<void> {
    this.#closed = true;
  }

  #checkOpen(): void {
    if (this.#closed) throw new StoreError('closed', 'the store was closed');
  }

  async #pauseAt(point: PausePoint): Promise<void> {
    if (this.#pause !== undefined) await pauseAt(this.#pause, point);
  }
}
