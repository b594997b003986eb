import type { Connection, LoopbackServer } from '@omemo-kit/loopback';
import { blindTrustBeforeVerification, Omemo, textBody, textOf } from '@omemo-kit/omemo-core';
import { MemoryStore } from '@omemo-kit/storage-memory';
import type { Element } from 'ltx';

/** Messages read before they are acknowledged together. */
const ACK_BATCH = 100;

export interface CorrespondentOptions {
  readonly server: LoopbackServer;
  readonly fullJid: string;
  /** Whom it writes to. */
  readonly to: string;
  /** It writes a message for so many that it read, so that both ratchets turn; never when 0. */
  readonly answersEvery: number;
}

/** One device of the account that the writers write to: reads everything, and writes back now and then. */
export class Correspondent {
  /** How often each text was read. */
  readonly read = new Map<string, number>();
  readonly written: string[] = [];
  readonly troubles: string[] = [];
  readonly omemo: Omemo;
  readonly #options: CorrespondentOptions;
  #tail: Promise<void> = Promise.resolve();
  #unacknowledged: string[] = [];
  #count = 0;

  private constructor(omemo: Omemo, connection: Connection, options: CorrespondentOptions) {
    this.omemo = omemo;
    this.#options = options;
    connection.onStanza((stanza) => {
      this.#tail = this.#tail.then(() => this.#take(stanza)).catch((error) => void this.troubles.push(String(error)));
    });
  }

  static async open(options: CorrespondentOptions): Promise<Correspondent> {
    const connection = options.server.connect(options.fullJid, { carbons: 'off' });
    const omemo = await Omemo.open({
      jid: connection.bareJid,
      store: new MemoryStore(),
      transport: connection.transport,
      trust: blindTrustBeforeVerification,
      upkeep: 'manual',
    });
    await omemo.start();
    return new Correspondent(omemo, connection, options);
  }

  /** Resolves when everything that came so far is read. */
  async idle(): Promise<void> {
    for (let tail: Promise<void> | undefined; tail !== this.#tail; ) {
      tail = this.#tail;
      await tail;
    }
  }

  async write(text: string): Promise<void> {
    this.written.push(text);
    await this.omemo.send({ to: this.#options.to, content: [textBody(text)] });
  }

  async #take(stanza: Element): Promise<void> {
    const result = await this.omemo.receive(stanza);
    if (result.type === 'failed' || result.type === 'rejected' || result.type === 'invalid') {
      this.troubles.push(`${this.#options.fullJid}: ${result.type} ${'code' in result ? result.code : ''}`);
    }
    if (result.type !== 'message') return;
    const text = textOf(result.envelope) ?? '';
    this.read.set(text, (this.read.get(text) ?? 0) + 1);
    this.#unacknowledged.push(result.id);
    this.#count += 1;
    if (this.#unacknowledged.length >= ACK_BATCH) await this.omemo.ack(this.#unacknowledged.splice(0));
    const { answersEvery, fullJid } = this.#options;
    if (answersEvery > 0 && this.#count % answersEvery === 0) await this.write(`${fullJid} ${this.written.length}`);
  }
}
