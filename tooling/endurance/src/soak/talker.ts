import type { LoopbackServer } from '@omemo-kit/loopback';
import { blindTrustBeforeVerification, Omemo, type ReceiveResult, textBody, textOf } from '@omemo-kit/omemo-core';
import type { Store, Transport } from '@omemo-kit/omemo-core/ports';
import { parseXml } from '@omemo-kit/omemo-wire';
import type { Network } from './network.ts';

/** Ids that are acknowledged, or told to be at the server, in one commit. */
const BATCH = 50;

const PADDING = 'Nobody reads this, it only takes the room that a message takes. '.repeat(3);

export interface TalkerOptions {
  readonly jid: string;
  readonly server: LoopbackServer;
  readonly store: Store;
  /** Brings what this one sends to the other. */
  readonly network: Network;
  readonly to: string;
}

/** One of two accounts that talk; it remembers nothing of a message once that is read. */
export class Talker {
  readonly omemo: Omemo;
  /** Numbers of its messages that the other has yet to read. */
  readonly outstanding = new Set<number>();
  readonly counts = { sent: 0, read: 0, duplicates: 0, late: 0 };
  /** Messages that were read twice, or could not be read. */
  readonly problems: string[] = [];
  readonly #options: TalkerOptions;
  readonly #sent: string[] = [];
  readonly #read: string[] = [];

  private constructor(omemo: Omemo, options: TalkerOptions) {
    this.omemo = omemo;
    this.#options = options;
  }

  static async open(options: TalkerOptions): Promise<Talker> {
    const { jid, server, store, network } = options;
    const { transport } = server.connect(`${jid}/soak`, { carbons: 'off' });
    const throughWeather: Transport = {
      publish: (request) => transport.publish(request),
      fetch: (request) => transport.fetch(request),
      configure: (request) => transport.configure(request),
      request: (iq) => transport.request(iq),
      retract: (request) => transport.retract(request),
      send: async (stanza) => {
        network.post(from(jid, stanza.toString()));
        return 'accepted';
      },
    };
    const trust = blindTrustBeforeVerification;
    const omemo = await Omemo.open({ jid, store, transport: throughWeather, trust, upkeep: 'manual' });
    await omemo.start();
    return new Talker(omemo, options);
  }

  async write(): Promise<void> {
    const { to, jid, network } = this.#options;
    const number = this.counts.sent++;
    const content = [textBody(`${number} ${PADDING}`)];
    const { id, stanza } = await this.omemo.encrypt({ to, content });
    if (network.post(from(jid, stanza.toString())) === 'under way') this.outstanding.add(number);
    this.#sent.push(id);
    if (this.#sent.length >= BATCH) await this.omemo.sent(this.#sent.splice(0));
  }

  /** Reads what came of the other's messages. */
  async receive(stanza: string, other: Talker): Promise<ReceiveResult> {
    const result = await this.omemo.receive(parseXml(stanza));
    if (result.type === 'duplicate') this.counts.duplicates += 1;
    else if (result.type === 'message') {
      this.counts.read += 1;
      if (result.order === 'late') this.counts.late += 1;
      const number = Number.parseInt(textOf(result.envelope) ?? '', 10);
      if (!other.outstanding.delete(number)) this.problems.push(`${this.omemo.jid} read message ${number} twice`);
      this.#read.push(result.id);
      if (this.#read.length >= BATCH) await this.omemo.ack(this.#read.splice(0));
    } else if (result.type !== 'empty') {
      this.problems.push(`${this.omemo.jid}: ${result.type} ${'code' in result ? result.code : ''}`);
    }
    return result;
  }

  /** Pays what is owed, and tells of the last messages. */
  async settle(): Promise<void> {
    for (const { debt, cause } of await this.omemo.settle()) this.problems.push(`${debt}: ${String(cause)}`);
    await this.omemo.sent(this.#sent.splice(0));
    await this.omemo.ack(this.#read.splice(0));
  }
}

/** As the server stamps it. */
function from(jid: string, stanza: string): string {
  return stanza.replace('<message ', `<message from="${jid}" `);
}
