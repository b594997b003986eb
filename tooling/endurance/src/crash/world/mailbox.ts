import { omemo2 } from '@omemo-kit/omemo-core';
import type { Element } from 'ltx';
import type { SeededRandom } from '../seeded-random.ts';
import type { Ledger } from './ledger.ts';

interface Letter {
  readonly number: number;
  readonly stanza: Element;
}

/** So many stanzas that were handled are remembered, to be brought a second time. */
const REMEMBERED = 8;

/**
 * What the server has for the victim. A stanza stays until the victim has handled it, as stream management or an archive
 * keeps it, so a life that ends hands what it did not get to on to the next. In rough weather some are lost for ever,
 * some come twice and some come late.
 */
export class Mailbox {
  readonly #waiting = new Map<number, Letter>();
  readonly #handled: Letter[] = [];
  readonly #ledger: Ledger;
  readonly #random: SeededRandom;
  readonly #late: Letter[] = [];
  #numbers = 0;
  #bring: ((number: number, stanza: string) => void) | undefined;
  weather: 'kind' | 'rough' = 'kind';

  constructor(ledger: Ledger, random: SeededRandom) {
    this.#ledger = ledger;
    this.#random = random;
  }

  /** How many stanzas the victim has to handle, those that come late included. */
  get unhandled(): number {
    return this.#waiting.size + this.#late.length;
  }

  /** How many it could handle now. */
  get underWay(): number {
    return this.#waiting.size;
  }

  /** A stanza arrives for the victim, whether it lives or not. */
  arrive(stanza: Element): void {
    const letter = { number: ++this.#numbers, stanza };
    const encrypted = omemo2.elements.findEncrypted(stanza);
    const rough = this.weather === 'rough' && encrypted !== undefined;
    if (rough && this.#random.chance(0.03)) return;
    if (encrypted?.getChild('payload') !== undefined) this.#ledger.due(String(stanza.attrs['id']));
    if (rough && this.#random.chance(0.04)) {
      this.#late.push(letter);
      return;
    }
    this.#deliver(letter);
    if (rough && this.#random.chance(0.04)) this.#deliver({ number: ++this.#numbers, stanza });
    if (this.#late.length > 0 && this.#random.chance(0.4)) this.#deliver(...this.#late.splice(0));
  }

  /** A victim is there: it gets what waits, now and from now on. */
  open(bring: (number: number, stanza: string) => void): void {
    this.#bring = bring;
    const again = this.#random.chance(0.3) ? this.#handled.slice(-2) : [];
    const waiting = [...this.#waiting.values()];
    this.#deliver(...again.map(({ stanza }) => ({ number: ++this.#numbers, stanza })));
    for (const { number, stanza } of waiting) bring(number, stanza.toString());
    this.catchUp();
  }

  /** The victim is gone. */
  shut(): void {
    this.#bring = undefined;
  }

  /** Delivers what was to come late. */
  catchUp(): void {
    this.#deliver(...this.#late.splice(0));
  }

  /** The victim has it; its stanza, to be looked at. */
  handled(number: number): Element | undefined {
    const letter = this.#waiting.get(number);
    this.#waiting.delete(number);
    if (letter !== undefined) this.#handled.push(letter);
    if (this.#handled.length > REMEMBERED) this.#handled.shift();
    return letter?.stanza;
  }

  #deliver(...letters: readonly Letter[]): void {
    for (const letter of letters) {
      this.#waiting.set(letter.number, letter);
      this.#bring?.(letter.number, letter.stanza.toString());
    }
  }
}
