import type { Element } from 'ltx';
import type { Direction } from './direction.ts';
import { bareOf, normalizeJid, resourceOf } from './jid.ts';
import { copyElement, type StanzaErrorOptions } from './stanza.ts';

export type FaultKind = 'drop' | 'hold' | 'swap' | 'duplicate' | 'tamper' | 'fail';

/** Which stanzas a fault hits; everything left out matches. */
export interface FaultFilter {
  readonly direction?: Direction;
  /** Bare or full JID of the client whose connection the stanza crosses. */
  readonly jid?: string;
  /** Must leave the stanza as it is. */
  readonly matches?: (stanza: Element) => boolean;
  /** So many matching stanzas go through first. */
  readonly skip?: number;
  /** So many are hit, then none any more. */
  readonly times?: number;
}

/** A stanza at the border on its way. */
export interface Crossing {
  readonly direction: Direction;
  /** Full JID of the client. */
  readonly jid: string;
  readonly stanza: Element;
  /** Hands a stanza on to the other side. */
  arrive(stanza: Element): void;
  /** The stanza will never arrive. */
  lost(): void;
  /** The stanza waits for a release. */
  held(): void;
  /** Answers the stanza with an error in place of letting it through. */
  fail(error: StanzaErrorOptions): void;
}

/** A fault rule in force. */
export class Fault {
  readonly kind: FaultKind;
  readonly #filter: FaultFilter;
  readonly #act: (crossing: Crossing) => void;
  #seen = 0;
  #hits = 0;
  readonly #end: () => void;
  #stopped = false;

  /** @internal Made by the methods of {@link Faults}. */
  constructor(kind: FaultKind, filter: FaultFilter, act: (crossing: Crossing) => void, end: () => void = () => {}) {
    this.kind = kind;
    this.#filter = filter;
    this.#act = act;
    this.#end = end;
  }

  /** How many stanzas it has hit. */
  get hits(): number {
    return this.#hits;
  }

  /** Ends the rule. What a hold keeps back stays there until it is released; half a swapped pair goes on. */
  stop(): void {
    this.#stopped = true;
    this.#end();
  }

  /** @internal Counts a crossing; true when this rule is to act on it. */
  takes({ direction, jid, stanza }: Crossing): boolean {
    const filter = this.#filter;
    if (this.#stopped || (filter.direction ?? direction) !== direction) return false;
    if (filter.jid !== undefined) {
      const own = resourceOf(filter.jid) === undefined ? bareOf(jid) : jid;
      if (own !== normalizeJid(filter.jid)) return false;
    }
    if (this.#hits >= (filter.times ?? Number.POSITIVE_INFINITY)) return false;
    if (filter.matches?.(stanza) === false) return false;
    return ++this.#seen > (filter.skip ?? 0);
  }

  /** @internal */
  act(crossing: Crossing): void {
    this.#hits++;
    this.#act(crossing);
  }
}

/** A fault that keeps stanzas back until they are released. */
export class Hold extends Fault {
  readonly #waiting: Crossing[];

  constructor(filter: FaultFilter) {
    const waiting: Crossing[] = [];
    super('hold', filter, (crossing) => {
      waiting.push(crossing);
      crossing.held();
    });
    this.#waiting = waiting;
  }

  /** Copies of what is held, in the order it came. */
  get stanzas(): readonly Element[] {
    return this.#waiting.map(({ stanza }) => copyElement(stanza));
  }

  /** Lets what is held go on, all in the order it came, or the ones at these positions in the order given. */
  release(positions: readonly number[] = this.#waiting.map((_, i) => i)): void {
    const released = positions.map((i) => this.#waiting[i]).filter((crossing) => crossing !== undefined);
    const rest = this.#waiting.filter((crossing) => !released.includes(crossing));
    this.#waiting.splice(0, this.#waiting.length, ...rest);
    for (const crossing of released) crossing.arrive(crossing.stanza);
  }

  /** Gives up what is held: it never arrives. */
  discard(): void {
    for (const crossing of this.#waiting.splice(0)) crossing.lost();
  }
}

/**
 * What goes wrong at the border between clients and server. A stanza meets the first rule that matches it and no other;
 * what a rule lets through later, or a second time, meets none.
 */
export class Faults {
  readonly #rules: Fault[] = [];

  /** Stanzas vanish. An IQ whose question or answer vanished fails with `timeout` at once, for no time passes here. */
  drop(filter: FaultFilter = {}): Fault {
    return this.#add(new Fault('drop', filter, (crossing) => crossing.lost()));
  }

  /** Stanzas wait until they are released. */
  hold(filter: FaultFilter = {}): Hold {
    return this.#add(new Hold(filter));
  }

  /** Stanzas change places in pairs: each first one arrives right after the next that matches. */
  swap(filter: FaultFilter = {}): Fault {
    let first: Crossing | undefined;
    const letGo = (): void => {
      first?.arrive(first.stanza);
      first = undefined;
    };
    const act = (crossing: Crossing): void => {
      if (first === undefined) {
        first = crossing;
        crossing.held();
      } else {
        crossing.arrive(crossing.stanza);
        letGo();
      }
    };
    return this.#add(new Fault('swap', filter, act, letGo));
  }

  /** Stanzas arrive so many times in a row. */
  duplicate(filter: FaultFilter = {}, copies = 2): Fault {
    const act = ({ arrive, stanza }: Crossing): void => {
      for (let i = 0; i < copies; i++) arrive(copyElement(stanza));
    };
    return this.#add(new Fault('duplicate', filter, act));
  }

  /** Stanzas are changed in place, or replaced by what the function returns. */
  tamper(filter: FaultFilter, change: (stanza: Element) => Element | undefined): Fault {
    return this.#add(new Fault('tamper', filter, ({ arrive, stanza }) => arrive(change(stanza) ?? stanza)));
  }

  /**
   * Stanzas are answered with an error. On the way to the server nothing of it happens there; an answer on the way to the
   * client is replaced, after the server did what was asked.
   */
  fail(filter: FaultFilter, error: StanzaErrorOptions): Fault {
    return this.#add(new Fault('fail', filter, (crossing) => crossing.fail(error)));
  }

  /** Ends every rule. */
  clear(): void {
    for (const rule of this.#rules.splice(0)) rule.stop();
  }

  /** @internal The rule that a stanza meets. */
  meet(crossing: Crossing): Fault | undefined {
    return this.#rules.find((rule) => rule.takes(crossing));
  }

  #add<F extends Fault>(rule: F): F {
    this.#rules.push(rule);
    return rule;
  }
}
