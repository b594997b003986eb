import type { Omemo } from '@omemo-kit/omemo-core';
import { bareJidOf } from '@omemo-kit/omemo-wire';
import type { Element } from 'ltx';
import { queryIdOf } from '../archive/read-archive.ts';
import type { Capabilities } from '../capabilities/capabilities.ts';
import type { StanzaChannel } from '../channel.ts';
import { type JoinedRoom, leaveRoom, type RoomToJoin } from '../rooms/join-room.ts';
import { xml } from '../stanzas/element.ts';
import { CatchingUp } from './catching-up.ts';
import { Deliveries } from './deliveries.ts';
import { type AttachedEvents, AttachedListeners } from './events.ts';
import { InOrder } from './in-order.ts';
import { Intake } from './intake.ts';
import { LivePositions } from './live-position.ts';
import type { AttachOptions } from './options.ts';
import { enterRoom, enterRoomsAgain, type SetupContext, setUpSession } from './session-setup.ts';

const MAX_WAITING = 1_000;

export interface PresenceAttributes {
  /** JID; everybody who is subscribed when left out. */
  readonly to?: string;
  readonly type?: 'unavailable' | 'subscribe' | 'subscribed' | 'unsubscribe' | 'unsubscribed';
}

/** An Omemo that lives with a connection: made by {@link attachOmemo}. */
export class AttachedOmemo {
  readonly omemo: Omemo;
  /** What is told of this client; its element belongs into every presence. */
  readonly capabilities: Capabilities;
  /**
   * Resolves when the first session is set up: the device is announced, the account's archive is read, rooms are entered.
   * Rejects with what kept the device from being announced, such as OmemoError `store-rolled-back`; the next session tries again.
   */
  readonly ready: Promise<void>;
  readonly #context: SetupContext;
  readonly #deliveries: Deliveries;
  readonly #incoming: InOrder;
  readonly #rooms = new Map<string, RoomToJoin>();
  readonly #unsubscribe: (() => void)[];
  #becomeReady!: { resolve(): void; reject(error: unknown): void };
  #session = new AbortController();
  #setUp: 'due' | 'done' = 'due';

  /** @internal */
  constructor(channel: StanzaChannel, omemo: Omemo, options: AttachOptions & { readonly capabilities: Capabilities }) {
    this.omemo = omemo;
    this.capabilities = options.capabilities;
    const listeners = new AttachedListeners();
    this.#deliveries = new Deliveries(omemo, listeners);
    const intake = new Intake(omemo, listeners, this.#deliveries);
    const positions = new LivePositions(omemo);
    this.#incoming = new InOrder((stanza) => this.#take(stanza), { maxWaiting: options.maxWaiting ?? MAX_WAITING });
    const isDue = () => this.#setUp !== 'done';
    const catchingUp = new CatchingUp({ omemo, listeners, incoming: this.#incoming, isDue });
    const { capabilities } = this;
    this.#context = { channel, omemo, options, capabilities, listeners, intake, positions, catchingUp };
    this.ready = new Promise((resolve, reject) => {
      this.#becomeReady = { resolve, reject };
    });
    // Who does not wait for it hears of the failure by `trouble`.
    this.ready.catch(() => undefined);
    // First of all, so that what waits for a listener is held back until the archives are read.
    if (channel.online) void this.#online('new');
    this.#unsubscribe = [
      // Results of an archive query are the business of whoever asked.
      channel.onStanza((stanza) => (queryIdOf(stanza) === undefined ? this.#incoming.push(stanza) : undefined)),
      channel.onRequest((iq) => this.capabilities.answer(iq) ?? intake.request(iq)),
      channel.onOnline((session) => this.#online(session)),
      channel.onOffline(() => this.#offline()),
      channel.onAccepted?.((id) => this.#accepted(id)) ?? (() => undefined),
    ];
  }

  /**
   * Calls the listener for every such event from now on; the function returned ends that. Messages wait for the first
   * listener of `message`.
   */
  on<Name extends keyof AttachedEvents>(name: Name, listener: (event: AttachedEvents[Name]) => unknown): () => void {
    const off = this.#context.listeners.on(name, listener);
    if (name === 'message') void this.#deliveries.offerInbox();
    return off;
  }

  /** Sends presence of the application, with what it needs that device lists are pushed. Addressed or not. */
  async presence(attributes: PresenceAttributes = {}, ...children: readonly Element[]): Promise<void> {
    const { channel, capabilities } = this.#context;
    await channel.send(xml('presence', { ...attributes }, ...children, capabilities.element()));
  }

  /**
   * Enters a room, learns its members and reads its archive on; enters it again with each new session until `leaveRoom`.
   * Rejects with TransportError where the room refuses, and at once with `jid-malformed` for what is no room or no nick; it is not
   * entered again then.
   */
  async joinRoom(room: RoomToJoin, signal?: AbortSignal): Promise<JoinedRoom> {
    const joined = await enterRoom(this.#context, room, { signal });
    this.#rooms.set(joined.room, { ...room, room: joined.room, nick: joined.nick });
    return joined;
  }

  async leaveRoom(room: string, signal?: AbortSignal): Promise<void> {
    const bareJid = bareJidOf(room);
    const joined = this.#rooms.get(bareJid);
    this.#rooms.delete(bareJid);
    if (joined !== undefined) await leaveRoom(this.#context.channel, joined, signal);
  }

  /** Ends all this and closes the Omemo. The connection and the store stay open. */
  async close(): Promise<void> {
    for (const off of this.#unsubscribe.splice(0)) off();
    this.#deliveries.close();
    this.#session.abort();
    await this.#context.positions.write().catch(() => undefined);
    await this.omemo.close();
  }

  async #online(session: 'new' | 'resumed'): Promise<void> {
    const { options, listeners, catchingUp } = this.#context;
    if (session === 'new' || this.#setUp !== 'done') {
      this.#session.abort();
      this.#session = new AbortController();
      this.#setUp = 'due';
      this.#context.positions.stop();
      const { signal } = this.#session;
      const setUp = () => this.#newSession(signal);
      // What was missed is for the next session.
      if ((await (options.catchUp === 'off' ? setUp() : catchingUp.session(setUp))) === 'gone') return;
    } else {
      // The server still has the session, and knows what it delivered; only what waits here is to be sent.
      await this.omemo.settle().catch((cause: unknown) => listeners.trouble('announcement', cause));
    }
    await listeners.tell('ready', { session }).catch((cause: unknown) => listeners.trouble('deliver', cause));
  }

  async #newSession(signal: AbortSignal): Promise<'set-up' | 'gone'> {
    const { options, catchingUp } = this.#context;
    const setUp = async () => {
      const done = await setUpSession(this.#context, signal);
      if (done === 'gone' || signal.aborted) return undefined;
      this.#setUp = 'done';
      return done;
    };
    const result = await (options.catchUp === 'off' ? setUp() : catchingUp.own(setUp));
    if (result === undefined) return 'gone';
    await this.#deliveries.offerInbox();
    await enterRoomsAgain(this.#context, this.#rooms.values(), signal);
    if (signal.aborted) return 'gone';
    if (result.failure === undefined) this.#becomeReady.resolve();
    else this.#becomeReady.reject(result.failure);
    return 'set-up';
  }

  async #offline(): Promise<void> {
    this.#session.abort();
    // Rooms' archives that are not read to their end are read on also where the session is resumed.
    if (this.#readsArchives) this.#setUp = 'due';
    await this.#context.positions.write().catch((cause: unknown) => this.#context.listeners.trouble('receive', cause));
  }

  async #take(stanza: Element): Promise<void> {
    const { intake, positions, listeners } = this.#context;
    // Until the archives are read somebody else's message in them may need the same pre-key (XEP-0384 section 6).
    if ((await intake.live(stanza, this.#readsArchives ? 'catch-up' : 'live')) === 'failed') return positions.stop();
    await positions.taken(stanza).catch((cause: unknown) => listeners.trouble('receive', cause));
  }

  async #accepted(id: string): Promise<void> {
    await this.omemo.sent([id]).catch((cause: unknown) => this.#context.listeners.trouble('acknowledge', cause));
  }

  get #readsArchives(): boolean {
    const { options, catchingUp } = this.#context;
    return options.catchUp !== 'off' && catchingUp.underWay;
  }
}
