import { type Connection, LoopbackServer } from '@omemo-kit/loopback';
import { omemo2 } from '@omemo-kit/omemo-core';
import { SpentKeys } from '@omemo-kit/scenarios/spent-keys';
import type { SeededRandom } from '../seeded-random.ts';
import { distinctPreKeys } from '../victim/distinct-pre-keys.ts';
import { Ledger } from './ledger.ts';
import { Mailbox } from './mailbox.ts';
import { Network } from './network.ts';
import { Peer } from './peer.ts';
import { PublishedBundles } from './published-bundles.ts';

/** More than these and the one who is here longest leaves. */
const MOST_PEERS = 3;

/** Everything that does not die: the server, the peers, the application's database and the oracles. */
export class World {
  readonly victimJid = 'victim@example.org';
  readonly server = new LoopbackServer();
  readonly ledger = new Ledger();
  readonly spent = new SpentKeys();
  readonly bundles = new PublishedBundles();
  readonly mailbox: Mailbox;
  readonly network: Network;
  readonly peers: Peer[] = [];
  readonly #connection: Connection;
  /** All peers together: two of them are not to pick one pre-key of the victim's. */
  readonly #randomness = distinctPreKeys();
  #joined = 0;

  constructor(random: SeededRandom) {
    const { ledger, spent, bundles } = this;
    this.#connection = this.server.connect(`${this.victimJid}/device`);
    this.mailbox = new Mailbox(ledger, random);
    this.network = new Network({ connection: this.#connection, ledger, spent, bundles, random });
    this.#connection.onStanza((stanza) => this.mailbox.arrive(stanza));
    this.server.watch(({ direction, jid, stanza }) => {
      const encrypted = direction === 'to-server' ? omemo2.elements.findEncrypted(stanza) : undefined;
      if (encrypted !== undefined) spent.note(jid.replace(/\/.*/, ''), encrypted);
    });
  }

  get violations(): readonly string[] {
    return [...this.spent.violations, ...this.bundles.violations, ...this.ledger.violations];
  }

  /** Another account with its first device; there are three at most. */
  async join(): Promise<Peer> {
    const connection = this.server.connect(`peer-${++this.#joined}@example.net/desk`);
    this.server.subscribe(connection.bareJid, this.victimJid);
    const peer = await Peer.join(connection, { ledger: this.ledger, randomness: this.#randomness });
    this.peers.push(peer);
    if (this.peers.length > MOST_PEERS) await this.peers.shift()?.leave();
    return peer;
  }

  /** Whether bad things happen to what is under way. */
  weather(weather: 'kind' | 'rough'): void {
    this.network.weather = weather;
    this.mailbox.weather = weather;
  }

  /** The victim has read a stanza. */
  handled(number: number): void {
    const stanza = this.mailbox.handled(number);
    const encrypted = stanza === undefined ? undefined : omemo2.elements.findEncrypted(stanza);
    if (encrypted !== undefined) this.bundles.read(encrypted, { jid: this.victimJid });
  }

  /** Resolves when the server and the peers have nothing to do but for the victim. */
  async quiet(): Promise<void> {
    for (let before = -1, now = 0; before !== now; ) {
      before = now;
      await this.server.settle();
      for (const peer of this.peers) await peer.idle();
      now = this.peers.reduce((sum, { taken }) => sum + taken, 0);
    }
    this.server.log.length = 0;
  }
}
