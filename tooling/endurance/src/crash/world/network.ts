import type { Connection } from '@omemo-kit/loopback';
import { omemo2 } from '@omemo-kit/omemo-core';
import type { SpentKeys } from '@omemo-kit/scenarios/spent-keys';
import { parse } from 'ltx';
import { askServer } from '../../remote/ask-server.ts';
import type { ServerAnswer, ServerCall } from '../../remote/server-call.ts';
import type { SeededRandom } from '../seeded-random.ts';
import type { Ledger } from './ledger.ts';
import type { PublishedBundles } from './published-bundles.ts';
import { unarchived } from './unarchived.ts';

/** `kind`: everything arrives. `rough`: what may go wrong does now and then. `gone`: nobody is there to be answered. */
export type Weather = 'kind' | 'rough' | 'gone';

export interface NetworkParts {
  readonly connection: Connection;
  readonly ledger: Ledger;
  readonly spent: SpentKeys;
  readonly bundles: PublishedBundles;
  readonly random: SeededRandom;
}

/**
 * The victim's way to the server. What the victim emits is noted by the oracles before anything can happen to it: it has
 * left, and whoever listens has it.
 */
export class Network {
  readonly #parts: NetworkParts;
  weather: Weather = 'kind';
  /** To whom the last stanza went that left the victim. */
  lastAddressed: string | undefined;

  constructor(parts: NetworkParts) {
    this.#parts = parts;
  }

  /** Carries out a call of the victim's; undefined where no answer comes back. */
  async call(call: ServerCall): Promise<ServerAnswer | undefined> {
    if (call.call === 'send') return this.#send(call.stanza);
    const { bundles, random } = this.#parts;
    if (call.call === 'publish' && call.node === omemo2.bundlesNode) bundles.publish(parse(call.item.payload));
    const { weather } = this;
    const happens = weather === 'kind' || !random.chance(weather === 'gone' ? 0.5 : 0.04);
    const answer = happens ? await askServer(this.#parts.connection.transport, call) : undefined;
    if (weather === 'gone') return undefined;
    if (answer === undefined || (weather === 'rough' && random.chance(0.04))) return { failed: 'timeout' };
    return answer;
  }

  async #send(text: string): Promise<ServerAnswer | undefined> {
    const { connection, ledger, spent, random } = this.#parts;
    const stanza = parse(text);
    const encrypted = omemo2.elements.findEncrypted(stanza);
    if (encrypted !== undefined) spent.note(connection.bareJid, encrypted);
    this.lastAddressed = String(stanza.attrs['to']);
    ledger.leave(String(stanza.attrs['id']), text);
    const { weather } = this;
    const copies = weather === 'kind' ? 1 : random.pick(weather === 'gone' ? [0, 1] : ROUGH_COPIES);
    for (let copy = 0; copy < copies; copy++) await connection.transport.send(unarchived(stanza));
    if (weather === 'gone') return undefined;
    if (copies === 0) return random.chance(0.5) ? { failed: 'disconnected' } : { delivery: 'handed-over' };
    return { delivery: weather === 'rough' && random.chance(0.05) ? 'handed-over' : 'accepted' };
  }
}

/** How often a stanza arrives: nine in ten once. */
const ROUGH_COPIES = [...Array<number>(18).fill(1), 0, 2];
