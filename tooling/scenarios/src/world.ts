import { type ConnectOptions, LoopbackServer, type ServerOptions } from '@omemo-kit/loopback';
import { SharedMemory } from '@omemo-kit/storage-memory';
import type { Element } from 'ltx';
import { expect, onTestFinished } from 'vitest';
import { Client, type ClientOptions } from './client.ts';
import { preKeysTakenOnce } from './distinct-pre-keys.ts';
import { SpentKeys } from './spent-keys.ts';
import { encryptedIn } from './stanzas.ts';

/** A server, its clients, and the oracle that watches what they send. The end of a test asks the oracle. */
export class World {
  readonly server: LoopbackServer;
  readonly spent = new SpentKeys();
  readonly clients: Client[] = [];
  readonly #randomness = preKeysTakenOnce();

  constructor(options: ServerOptions = {}) {
    this.server = new LoopbackServer(options);
    this.server.watch(({ direction, jid, stanza }) => {
      const encrypted = direction === 'to-server' ? encryptedIn(stanza) : undefined;
      if (encrypted !== undefined) this.note(jid, encrypted);
    });
    onTestFinished(() => this.check());
  }

  /** No ratchet key and number was used twice. */
  check(): void {
    expect(this.spent.violations).toEqual([]);
  }

  /** Tells the oracle what went another way than over the server. */
  note(jid: string, encrypted: Element): void {
    this.spent.note(jid.replace(/\/.*/, ''), encrypted);
  }

  /** A client online, its device not announced yet. Everybody who is here is subscribed to everybody. */
  async client(fullJid: string, options: ClientOptions & { connect?: ConnectOptions } = {}): Promise<Client> {
    const { connect, ...rest } = { randomness: this.#randomness, ...options };
    const connection = this.server.connect(fullJid, connect);
    for (const other of this.clients) {
      if (other.jid !== connection.bareJid) this.server.subscribe(other.jid, connection.bareJid);
    }
    const client = await Client.open(connection, rest.memory ?? new SharedMemory(), rest);
    this.clients.push(client);
    return client;
  }

  /** Clients whose devices are announced and who know of each other. */
  async started<const Jids extends readonly string[]>(
    ...fullJids: Jids
  ): Promise<{ -readonly [I in keyof Jids]: Client }> {
    const clients: Client[] = [];
    for (const jid of fullJids) clients.push(await this.client(jid));
    for (const client of clients) await client.omemo.start();
    await this.calm();
    return clients as { -readonly [I in keyof Jids]: Client };
  }

  /** Alice and Bob with a device each, announced, who have not talked. */
  pair(): Promise<[Client, Client]> {
    return this.started('alice@example.org/phone', 'bob@example.net/desk');
  }

  /** Alice and Bob who have talked both ways: no key exchange is repeated any more. */
  async acquainted(): Promise<[Client, Client]> {
    const [alice, bob] = await this.pair();
    await alice.say(bob.jid, 'hello');
    await this.calm();
    await bob.say(alice.jid, 'hi');
    await this.calm();
    for (const client of [alice, bob]) {
      expect(client.texts).toHaveLength(1);
      await client.omemo.ack((await client.omemo.inbox()).map(({ id }) => id));
      client.results.length = 0;
      client.received.length = 0;
    }
    return [alice, bob];
  }

  /** Everything is delivered and read; upkeep does not run. */
  async quiet(): Promise<void> {
    for (let round = 0; round < 3; round++) {
      await this.server.settle();
      for (const client of this.clients) await client.idle();
    }
  }

  /** Everything is delivered and read and every debt paid. */
  async calm(): Promise<void> {
    for (let round = 0; round < 4; round++) {
      await this.quiet();
      for (const client of this.clients) if (client.connection.online) expect(await client.omemo.settle()).toEqual([]);
    }
    await this.quiet();
  }

  /** Keys that went from one client to another, in order. */
  keys(from: Client, to: Client) {
    const between = this.spent.emitted.filter((key) => key.from === from.jid && key.to === to.jid);
    return between.filter(({ sid, rid }) => sid === from.omemo.deviceId && rid === to.omemo.deviceId);
  }
}
