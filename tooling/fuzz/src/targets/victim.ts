import type { ReceiveOptions, ReceiveResult, Store } from '@omemo-kit/omemo-core';
import type { Client } from '@omemo-kit/scenarios/client';
import { seededRandomness } from '@omemo-kit/scenarios/seeded-randomness';
import { storeBytes } from '@omemo-kit/scenarios/store-bytes';
import type { MemorySnapshot } from '@omemo-kit/storage-memory';
import type { Element } from 'ltx';
import { BrokenPromise } from '../expect-equal.ts';
import { ACCEPTED, type Outcome } from '../target.ts';

/** Results that say that nothing was read. */
const REFUSED: ReadonlySet<string> = new Set([
  'failed',
  'invalid',
  'ignored',
  'not-for-this-device',
  'duplicate',
  'sender-unknown',
]);

/** Every so many runs the whole store is compared, whether something was written or not. */
const COMPARE_EVERY = 500;

/** A device that takes in hostile stanzas, always from the same state of its store. */
export class Victim {
  readonly #client: Client;
  readonly #start: MemorySnapshot;
  readonly #bytes: string;
  readonly #commits: { count: number };
  /** What peers really sealed; undefined where the peer is the attacker. */
  #authentic: Set<string> | undefined;
  #runs = 0;

  private constructor(client: Client, commits: { count: number }) {
    this.#client = client;
    this.#commits = commits;
    this.#start = client.memory.snapshot();
    this.#bytes = storeBytes(client.memory);
  }

  /** The same device, on a store that counts what is written. */
  static async of(client: Client, wrap: (store: Store) => Store = (store) => store): Promise<Victim> {
    const commits = { count: 0 };
    const inner = client.memory.open();
    const counting: Store = {
      get: (keys) => inner.get(keys),
      list: (prefix) => inner.list(prefix),
      close: () => inner.close(),
      commit: (batch) => {
        commits.count++;
        return inner.commit(batch);
      },
    };
    await client.crash({
      store: wrap(counting),
      randomness: seededRandomness('victim'),
      clock: () => Date.UTC(2026, 0, 1),
    });
    return new Victim(client, commits);
  }

  /** From now on no other content than that of these stanzas may come out, whatever is changed around it. */
  async readsOnly(stanzas: readonly Element[], options: ReceiveOptions = {}): Promise<void> {
    const found = new Set<string>();
    for (const stanza of stanzas) {
      for (const given of [{}, options]) {
        const result = await this.#client.omemo.receive(stanza, given);
        const content = contentOf(result);
        if (content !== undefined) found.add(content);
        this.#client.memory.restore(this.#start);
      }
    }
    this.#authentic = found;
  }

  /** What it makes of a stanza. A refusal that wrote a byte is a defect; what was accepted is undone. */
  async take(stanza: Element, options: ReceiveOptions = {}): Promise<Outcome> {
    const before = this.#commits.count;
    const result = await this.#client.omemo.receive(stanza, options);
    const content = contentOf(result);
    if (content !== undefined && this.#authentic?.has(content) === false) {
      throw new BrokenPromise(`a stanza was read as ${result.type} with content that nobody sealed`);
    }
    const wrote = this.#commits.count !== before;
    // For a message without any session the device may start one (XEP-0384 section 6), and remembers when.
    const owes = result.type === 'failed' && result.sessionOwed === true;
    const refused = REFUSED.has(result.type) && !owes;
    this.#runs++;
    if (refused && (wrote || this.#runs % COMPARE_EVERY === 0) && storeBytes(this.#client.memory) !== this.#bytes) {
      throw new BrokenPromise(`a stanza was ${result.type} and changed the store`);
    }
    if (wrote) this.#client.memory.restore(this.#start);
    const detail = 'code' in result ? result.code : 'reason' in result ? result.reason : undefined;
    if (owes) return `${result.type}: ${result.code}, a session is owed`;
    if (!refused && result.type !== 'rejected') return `${ACCEPTED} as ${result.type}`;
    if (result.type === 'invalid') return `invalid: ${result.cause.code}`;
    return detail === undefined ? result.type : `${result.type}: ${String(detail)}`;
  }
}

/** The content that came out of a stanza, as text to compare. */
function contentOf(result: ReceiveResult): string | undefined {
  if (result.type === 'message') return Buffer.from(result.payload).toString('base64');
  return result.type === 'request' ? result.content.toString() : undefined;
}
