import { LoopbackServer } from '@omemo-kit/loopback';
import { expect, onTestFinished } from 'vitest';
import type { TwomemoPeer } from '../../../src/index.ts';
import { KeyLedger } from './key-ledger.ts';
import { OurClient, type OurOptions } from './our-client.ts';
import type { Outcome } from './outcome.ts';
import { type Letter, Post } from './post.ts';
import { TheirClient, type TheirOptions } from './their-client.ts';

type Choices<T> = Partial<Omit<T, 'peer' | 'connection' | 'transport' | 'ledger'>>;

export interface PairOptions {
  readonly ours?: Choices<OurOptions>;
  readonly theirs?: Choices<TheirOptions>;
}

/**
 * What the devices of a test share: a server for lists and bundles, and the mail, which waits until it is handed over. At
 * the end of the test no message key of ours may have been used twice.
 */
export class World {
  readonly server = new LoopbackServer();
  readonly ledger = new KeyLedger();
  /** Messages on their way, oldest first. */
  readonly mail: Letter[] = [];
  readonly #post = new Post((letter) => void this.mail.push(letter));
  readonly #peer: TwomemoPeer;
  #connections = 0;

  constructor(peer: TwomemoPeer) {
    this.#peer = peer;
    onTestFinished(() => expect(this.ledger.repeated).toEqual([]));
  }

  async ours(jid: string, options: Choices<OurOptions> = {}): Promise<OurClient> {
    return OurClient.open({ ...options, ...this.#connect(jid), ledger: this.ledger });
  }

  async theirs(jid: string, options: Choices<TheirOptions> = {}): Promise<TheirClient> {
    return TheirClient.open({ ...options, ...this.#connect(jid), peer: this.#peer });
  }

  /** One of each, who can write to each other. */
  async pair(options: PairOptions = {}): Promise<Pair> {
    const ours = await this.ours('alice@a.example', options.ours);
    const theirs = await this.theirs('bob@b.example', options.theirs);
    await theirs.meet(ours.jid);
    return new Pair(this, ours, theirs);
  }

  #connect(jid: string) {
    this.#connections += 1;
    const connection = this.server.connect(`${jid}/${this.#connections}`);
    return { connection, transport: this.#post.transportOf(connection) };
  }
}

/** One device of ours and one of python-omemo. */
export class Pair {
  readonly world: World;
  readonly ours: OurClient;
  readonly theirs: TheirClient;

  constructor(world: World, ours: OurClient, theirs: TheirClient) {
    this.world = world;
    this.ours = ours;
    this.theirs = theirs;
  }

  /** Takes what is on its way to a device out of the mail. */
  mailTo({ jid }: OurClient | TheirClient): Letter[] {
    const letters = this.world.mail.filter(({ to }) => to === jid);
    for (const letter of letters) this.world.mail.splice(this.world.mail.indexOf(letter), 1);
    return letters;
  }

  hand(letter: Letter): Promise<Outcome> {
    return (letter.to === this.ours.jid ? this.ours : this.theirs).receive(letter.stanza);
  }

  /** Hands over everything, in the order it was sent, until nothing is on its way. Returns what became of it. */
  async deliver(): Promise<Outcome[]> {
    const outcomes: Outcome[] = [];
    for (let letter = this.world.mail.shift(); letter !== undefined; letter = this.world.mail.shift()) {
      outcomes.push(await this.hand(letter));
    }
    return outcomes;
  }

  /** Sends text and has it read, along with everything else that is on its way. */
  async say(from: OurClient | TheirClient, text: string): Promise<Outcome[]> {
    await from.say(this.#other(from).jid, text);
    const outcomes = await this.deliver();
    expect(outcomes).toContainEqual({ type: 'read', text, from: from.jid, deviceId: from.deviceId });
    return outcomes;
  }

  /** Each says something and the other reads it. */
  async talk(text: string): Promise<void> {
    await this.say(this.ours, `${text}, from us`);
    await this.say(this.theirs, `${text}, from them`);
  }

  /** Whether the other read this; what else is on its way is handed over too. */
  async tries(from: OurClient | TheirClient, text: string): Promise<boolean> {
    await from.say(this.#other(from).jid, text);
    return (await this.deliver()).some((outcome) => outcome.type === 'read' && outcome.text === text);
  }

  #other(client: OurClient | TheirClient): OurClient | TheirClient {
    return client === this.ours ? this.theirs : this.ours;
  }
}
