import { type Transport, TransportError } from '@omemo-kit/omemo-core/ports';
import {
  type RequestListener,
  type StanzaChannel,
  stanzaTransport,
  transportErrorOf,
} from '@omemo-kit/transport-stanzas';
import { Element } from 'ltx';
import type { Border } from './border.ts';
import { bareOf, normalizeJid } from './jid.ts';
import { attribute, copyElement, isAnswer, throughXml } from './stanza.ts';

export interface ConnectOptions {
  /**
   * `bare`: as a real server binds a resource. It gets no copies before it asks for them, no messages to the account and
   * no events before its first presence, and those events that its capabilities want (XEP-0115). `available` by default:
   * all that from the start, for tests of something else.
   */
  readonly session?: 'available' | 'bare';
  /** Whether it gets carbons (XEP-0280); it does unless this is `off`. `<enable/>` and `<disable/>` change it. */
  readonly carbons?: 'on' | 'off';
  /** Nodes whose events it wants (+notify of XEP-0163); the OMEMO device lists when left out. */
  readonly notify?: 'all' | readonly string[];
  /** `off`: a server without stream management, so `send` never knows more than `handed-over`. */
  readonly acks?: 'on' | 'off';
}

/** What a connection needs of the server. */
export interface Uplink {
  readonly border: Border;
  receive(connection: Connection, stanza: Element): void;
  /** Puts a connection among the resources of its account, in the place of one with the same full JID. */
  attach(connection: Connection): void;
  detach(connection: Connection): void;
}

interface Request {
  readonly to: string;
  resolve(answer: Element): void;
  reject(error: TransportError): void;
}

/** One client's connection: a resource of an account. */
export class Connection implements StanzaChannel {
  readonly jid: string;
  /** The Transport port in real stanzas, so that all it does is seen, logged and hit by faults. */
  readonly transport: Transport;
  /** @internal */
  carbons: 'on' | 'off';
  /** @internal */
  notify: 'all' | readonly string[];
  /** @internal The presence it is available with. */
  presence: Element | undefined;
  readonly #session: 'available' | 'bare';
  readonly #uplink: Uplink;
  readonly #acks: 'on' | 'off';
  readonly #listeners = new Set<(stanza: Element) => unknown>();
  readonly #requestListeners = new Set<RequestListener>();
  readonly #onlineListeners = new Set<(session: 'new') => unknown>();
  readonly #offlineListeners = new Set<() => unknown>();
  readonly #requests = new Map<string, Request>();
  #early: Element[] = [];
  #online = false;
  #requestCount = 0;

  /** @internal Made by `LoopbackServer.connect`. */
  constructor(uplink: Uplink, fullJid: string, options: ConnectOptions) {
    this.#uplink = uplink;
    this.jid = normalizeJid(fullJid);
    this.#session = options.session ?? 'available';
    this.carbons = options.carbons ?? (this.#session === 'bare' ? 'off' : 'on');
    this.notify = options.notify ?? (this.#session === 'bare' ? [] : ['urn:xmpp:omemo:2:devices']);
    this.#acks = options.acks ?? 'on';
    this.transport = stanzaTransport(this);
  }

  get bareJid(): string {
    return bareOf(this.jid);
  }

  get online(): boolean {
    return this.#online;
  }

  /**
   * Hands every stanza to the listener that is no answer to a request, each listener a copy of its own; IQs too, unless a
   * listener of `onRequest` answers them. What comes before there is any listener waits for the first. `settle` waits for a
   * promise that it returns and throws what it throws.
   */
  onStanza(listener: (stanza: Element) => unknown): () => void {
    this.#listeners.add(listener);
    for (const stanza of this.#early.splice(0)) this.#hand(stanza);
    return () => void this.#listeners.delete(listener);
  }

  onRequest(listener: RequestListener): () => void {
    this.#requestListeners.add(listener);
    return () => void this.#requestListeners.delete(listener);
  }

  /** Every session here is a new one: a connection that was gone comes back without what was under way. */
  onOnline(listener: (session: 'new') => unknown): () => void {
    this.#onlineListeners.add(listener);
    return () => void this.#onlineListeners.delete(listener);
  }

  onOffline(listener: () => unknown): () => void {
    this.#offlineListeners.add(listener);
    return () => void this.#offlineListeners.delete(listener);
  }

  /** Sends a stanza as it is, apart from `from`; see `Transport.send` for what it resolves to. */
  async send(stanza: Element, signal?: AbortSignal): Promise<'accepted' | 'handed-over'> {
    this.#checkReady(signal);
    const copy = wellFormed(stanza);
    return untilAborted(signal, (resolve) => {
      this.#up(copy, {
        taken: () => resolve(this.#acks === 'on' ? 'accepted' : 'handed-over'),
        untaken: () => resolve('handed-over'),
      });
      if (this.#acks === 'off') resolve('handed-over');
    });
  }

  /** Sends an IQ of type get or set, with an id of its own, and resolves to the answer of type result. */
  async request(iq: Element, signal?: AbortSignal): Promise<Element> {
    this.#checkReady(signal);
    const copy = wellFormed(iq);
    const id = `${this.jid}-${++this.#requestCount}`;
    copy.attr('id', id);
    const to = normalizeJid(attribute(copy, 'to') ?? this.bareJid);
    return untilAborted<Element>(signal, (resolve, reject) => {
      this.#requests.set(id, { to, resolve, reject });
      this.#up(copy, { untaken: () => this.#giveUp(id, 'timeout') });
    }).finally(() => void this.#requests.delete(id));
  }

  /** Goes offline: requests under way fail with `disconnected`, messages are kept by the server. */
  disconnect(): void {
    if (!this.#online) return;
    this.#online = false;
    this.#uplink.detach(this);
    this.presence = undefined;
    for (const id of [...this.#requests.keys()]) this.#giveUp(id, 'disconnected');
    for (const listener of [...this.#offlineListeners]) this.#uplink.border.scheduler.call(() => listener());
  }

  /** Comes online under the same full JID; the server delivers what it kept. */
  reconnect(): void {
    if (this.#online) return;
    this.#online = true;
    if (this.#session === 'bare') {
      this.carbons = 'off';
      this.notify = [];
    } else this.presence = new Element('presence');
    this.#uplink.attach(this);
    for (const listener of [...this.#onlineListeners]) this.#uplink.border.scheduler.call(() => listener('new'));
  }

  /** @internal A stanza sets out to the client; `undelivered` is called when that is offline by the time it arrives. */
  deliver(stanza: Element, undelivered?: () => void): void {
    const copy = copyElement(stanza);
    this.#uplink.border.cross({
      direction: 'to-client',
      jid: this.jid,
      stanza: copy,
      arrive: (arriving) => {
        if (this.#online) this.#arrive(arriving);
        else undelivered?.();
      },
      lost: () => isAnswer(stanza) && this.#giveUp(attribute(stanza, 'id'), 'timeout'),
      failed: (error) => {
        if (!isAnswer(stanza) || !this.#online) return;
        // In the place of the answer it comes from where that came from.
        error.attr('from', attribute(stanza, 'from'));
        error.attr('to', this.jid);
        this.#arrive(error);
      },
    });
  }

  #up(stanza: Element, outcome: { taken?(): void; untaken(): void }): void {
    this.#uplink.border.cross({
      direction: 'to-server',
      jid: this.jid,
      stanza,
      arrive: (arriving) => {
        this.#uplink.receive(this, arriving);
        outcome.taken?.();
      },
      lost: outcome.untaken,
      ...(stanza.getName() === 'iq' ? {} : { held: outcome.untaken }),
      failed: (error) => {
        error.attr('to', this.jid);
        error.attr('from', attribute(stanza, 'to') ?? this.bareJid);
        outcome.taken?.();
        this.deliver(error);
      },
    });
  }

  #arrive(stanza: Element): void {
    if (isAnswer(stanza)) {
      const request = this.#requests.get(attribute(stanza, 'id') ?? '');
      // An answer counts only from the address that was asked (RFC 6120 8.1.2.1).
      if (request === undefined || request.to !== normalizeJid(attribute(stanza, 'from') ?? this.bareJid)) return;
      if (attribute(stanza, 'type') === 'result') request.resolve(stanza);
      else request.reject(transportErrorOf(stanza));
    } else if (stanza.getName() === 'iq' && this.#requestListeners.size > 0) {
      this.#uplink.border.scheduler.call(() => this.#answer(stanza));
    } else this.#take(stanza);
  }

  async #answer(iq: Element): Promise<void> {
    for (const listener of [...this.#requestListeners]) {
      const answer = await listener(copyElement(iq));
      if (answer === 'answered') return;
      if (answer !== undefined) return void (await this.send(answer));
    }
    this.#take(iq);
  }

  #take(stanza: Element): void {
    if (this.#listeners.size === 0) this.#early.push(stanza);
    else this.#hand(stanza);
  }

  #hand(stanza: Element): void {
    for (const listener of [...this.#listeners]) {
      this.#uplink.border.scheduler.call(() => listener(copyElement(stanza)));
    }
  }

  #giveUp(id: string | undefined, condition: 'timeout' | 'disconnected'): void {
    this.#requests.get(id ?? '')?.reject(new TransportError(condition, { message: `no answer: ${condition}` }));
  }

  #checkReady(signal: AbortSignal | undefined): void {
    if (signal?.aborted === true) throw aborted(signal);
    if (!this.#online) throw new TransportError('disconnected', { message: 'the connection is offline' });
  }
}

/** A promise that also rejects when the signal is aborted; it leaves nothing behind on a signal that lives on. */
async function untilAborted<T>(
  signal: AbortSignal | undefined,
  start: (resolve: (value: T) => void, reject: (error: TransportError) => void) => void,
): Promise<T> {
  let abort: (() => void) | undefined;
  try {
    return await new Promise<T>((resolve, reject) => {
      abort = () => reject(aborted(signal!));
      signal?.addEventListener('abort', abort);
      start(resolve, reject);
    });
  } finally {
    if (abort !== undefined) signal?.removeEventListener('abort', abort);
  }
}

function aborted(signal: AbortSignal): TransportError {
  return new TransportError('aborted', { message: 'aborted by the caller', cause: signal.reason });
}

function wellFormed(stanza: Element): Element {
  const copy = throughXml(stanza);
  if (copy === undefined)
    throw new TransportError('not-well-formed', { message: 'the stanza cannot be written as XML' });
  return copy;
}
