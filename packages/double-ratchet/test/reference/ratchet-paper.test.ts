import { createHash } from 'node:crypto';
import { Secret, x25519KeyPair } from '@omemo-kit/primitives';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  initiatorState,
  needsSkippedLookup,
  RatchetError,
  type RatchetHeader,
  type RatchetState,
  ratchetDecrypt,
  ratchetEncrypt,
  recipientState,
  SkippedMessageKeys,
} from '../../src/index.ts';
import { headerAead, messageKeyInfo } from '../header-aead.ts';
import { hex } from '../hex.ts';
import { associatedData, parameters } from '../party.ts';
import { plainKey, plainState } from '../plain-state.ts';
import { type Event, Network, otherOf, schedule } from '../schedule.ts';
import {
  keyPair,
  type PaperHeader,
  type PaperSetting,
  type PaperState,
  RatchetDecrypt,
  RatchetEncrypt,
  RatchetInitAlice,
  RatchetInitBob,
} from './ratchet-paper.ts';

interface Message {
  readonly header: RatchetHeader;
  readonly paperHeader: PaperHeader;
  readonly bytes: Uint8Array;
}

/** One party twice, by the paper and by `src`, on the same draws. */
class Twin {
  readonly #name: string;
  #draws = 0;
  readonly #setting: PaperSetting;
  #paper: PaperState;
  #state: RatchetState;
  readonly #keys = new SkippedMessageKeys();

  constructor(name: 'alice' | 'bob', maxSkip: number) {
    this.#name = name;
    this.#setting = {
      GENERATE_DH: () => this.#draw(),
      MAX_SKIP: maxSkip,
      rootKeyInfo: parameters.rootKeyInfo,
      messageKeyInfo,
    };
    const secret = new Uint8Array(32).fill(0x5c);
    const signedPreKey = keyPair(new Uint8Array(32).fill(0xb0));
    const own = x25519KeyPair(signedPreKey.d);
    const sharedSecret = new Secret(secret);
    if (name === 'alice') {
      this.#paper = RatchetInitAlice(this.#setting, secret, signedPreKey.u);
      this.#draws = 0;
      this.#state = initiatorState({
        sharedSecret,
        otherRatchetKey: own.publicKey,
        parameters,
        randomness: { ratchetKey: () => this.#draw() },
      });
    } else {
      this.#paper = RatchetInitBob(secret, signedPreKey);
      this.#state = recipientState({ sharedSecret, ownRatchetKey: own });
    }
  }

  get canSend(): boolean {
    return this.#paper.CKs !== null;
  }

  send(text: string): Message {
    const plaintext = new TextEncoder().encode(text);
    const [paperHeader, paperBytes] = RatchetEncrypt(this.#setting, this.#paper, plaintext, associatedData);
    const sent = ratchetEncrypt({ state: this.#state, plaintext, associatedData, aead: headerAead, parameters });
    this.#state = sent.state;
    expect(hex(sent.message)).toBe(hex(paperBytes));
    expect(hex(sent.header.ratchetKey)).toBe(hex(paperHeader.dh));
    expect(sent.header).toMatchObject({ previousChainLength: paperHeader.pn, messageNumber: paperHeader.n });
    this.expectEqualStates();
    return { header: sent.header, paperHeader, bytes: sent.message };
  }

  /** Both read it, or both refuse it and keep what they had. */
  read(message: Message): string | undefined {
    const before = this.#draws;
    const byPaper = this.#readByPaper(message);
    const after = this.#draws;
    this.#draws = before;
    const bySource = this.#readBySource(message);
    expect(bySource).toBe(byPaper);
    expect(this.#draws).toBe(bySource === undefined ? before : after);
    this.expectEqualStates();
    return bySource;
  }

  expectEqualStates(): void {
    const state = plainState(this.#state);
    const { DHs, DHr, RK, CKs, CKr, Ns, Nr, PN, MKSKIPPED } = this.#paper;
    expect({ ...state, held: null, skippedSequence: 0 }).toEqual({
      rootKey: hex(RK),
      ownPrivate: hex(DHs.d),
      ownPublic: hex(DHs.u),
      other: DHr === null ? null : hex(DHr),
      sending: CKs === null ? null : { key: hex(CKs), n: Ns },
      receiving: CKr === null ? null : { key: hex(CKr), n: Nr },
      previousChainLength: PN,
      held: null,
      skippedCount: MKSKIPPED.size,
      skippedSequence: 0,
    });
    expect(Array.from(this.#keys, plainKey)).toEqual(Array.from(MKSKIPPED, ([name, mk]) => `${name}:${hex(mk)}`));
  }

  #readByPaper({ paperHeader, bytes }: Message): string | undefined {
    // "If an exception is raised then changes to the state object are discarded" (3.5).
    const attempt = { ...this.#paper, MKSKIPPED: new Map(this.#paper.MKSKIPPED) };
    const draws = this.#draws;
    try {
      const plaintext = RatchetDecrypt(this.#setting, attempt, paperHeader, bytes, associatedData);
      this.#paper = attempt;
      return new TextDecoder().decode(plaintext);
    } catch {
      this.#draws = draws;
      return undefined;
    }
  }

  #readBySource({ header, bytes }: Message): string | undefined {
    const skippedMessageKey = needsSkippedLookup(this.#state, header) ? this.#keys.find(header) : undefined;
    try {
      const decryption = ratchetDecrypt({
        state: this.#state,
        header,
        message: bytes,
        associatedData,
        aead: headerAead,
        parameters: { ...parameters, maxSkip: this.#setting.MAX_SKIP, maxStoredSkipped: 1_000_000 },
        randomness: { ratchetKey: () => this.#draw() },
        skippedMessageKey,
      });
      this.#state = decryption.state;
      this.#keys.apply(decryption);
      return new TextDecoder().decode(decryption.plaintext);
    } catch (error) {
      expect(error).toBeInstanceOf(RatchetError);
      return undefined;
    }
  }

  #draw(): Uint8Array {
    this.#draws += 1;
    return new Uint8Array(createHash('sha256').update(`${this.#name} ${this.#draws}`).digest());
  }
}

function run(events: readonly Event[], maxSkip: number): void {
  const parties = { alice: new Twin('alice', maxSkip), bob: new Twin('bob', maxSkip) };
  const network = new Network<Message>();
  let number = 0;
  for (const event of events) {
    if (event.kind === 'send') {
      for (let sent = 0; sent < event.count && parties[event.by].canSend; sent += 1) {
        number += 1;
        network.post(otherOf(event.by), parties[event.by].send(`message ${number}`));
      }
    } else {
      const message = network[event.kind](event.to, event.pick);
      if (message !== undefined && event.kind !== 'drop') parties[event.to].read(message);
    }
  }
}

test('src and the paper agree on every byte and every state, whatever the network does', () => {
  fc.assert(
    fc.property(schedule, (events) => run(events, 1000)),
    { numRuns: 80 },
  );
});

test('they agree on what lies too far ahead in a chain', () => {
  const burst = (count: number): Event => ({ kind: 'send', by: 'alice', count });
  const deliver = (pick: number): Event => ({ kind: 'deliver', to: 'bob', pick });
  // Six messages ahead is refused by both under a limit of five, five is not.
  run([burst(1), deliver(0), burst(8), deliver(6), deliver(5), deliver(0)], 5);
  run([burst(8), deliver(6), deliver(5), deliver(0)], 5);
});
