import { TransportError } from '@omemo-kit/omemo-core/ports';
import { type Element, parse } from 'ltx';
import type { RequestListener, StanzaChannel } from '../src/channel.ts';

type Answer = Element | string | TransportError;

/** A channel whose other end is the test. */
export class FakeChannel implements StanzaChannel {
  readonly jid: string;
  online = true;
  readonly requests: Element[] = [];
  readonly sent: Element[] = [];
  answer: (iq: Element) => Answer | Promise<Answer> = () => '<iq type="result"/>';
  readonly #stanzas = new Set<(stanza: Element) => unknown>();
  readonly #requests = new Set<RequestListener>();
  readonly #online = new Set<(session: 'new' | 'resumed') => unknown>();
  readonly #offline = new Set<() => unknown>();

  constructor(jid = 'alice@example.org/phone') {
    this.jid = jid;
  }

  async request(iq: Element): Promise<Element> {
    this.requests.push(iq);
    const answer = await this.answer(iq);
    if (answer instanceof TransportError) throw answer;
    return typeof answer === 'string' ? parse(answer) : answer;
  }

  async send(stanza: Element): Promise<'accepted'> {
    this.sent.push(stanza);
    return 'accepted';
  }

  onStanza = (listener: (stanza: Element) => unknown) => added(this.#stanzas, listener);
  onRequest = (listener: RequestListener) => added(this.#requests, listener);
  onOnline = (listener: (session: 'new' | 'resumed') => unknown) => added(this.#online, listener);
  onOffline = (listener: () => unknown) => added(this.#offline, listener);

  /** A stanza comes in. */
  arrive(stanza: Element | string): void {
    const element = typeof stanza === 'string' ? parse(stanza) : stanza;
    for (const listener of [...this.#stanzas]) listener(element);
  }

  get listening(): number {
    return this.#stanzas.size;
  }
}

function added<T>(to: Set<T>, one: T): () => void {
  to.add(one);
  return () => void to.delete(one);
}

/** The only child of the only child, and so on: what is inside an IQ. */
export function inside(iq: Element | undefined, ...names: readonly string[]): Element {
  let at = iq;
  for (const name of names) at = at?.getChild(name);
  if (at === undefined) throw new TypeError(`there is no ${names.join('/')}`);
  return at;
}
