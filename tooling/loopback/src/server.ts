import type { Element } from 'ltx';
import { Account, type ArchivedMessage } from './account.ts';
import { Border } from './border.ts';
import { Connection, type ConnectOptions, type Uplink } from './connection.ts';
import type { Faults } from './faults.ts';
import { receiveIq } from './iq.ts';
import { bareOf, resourceOf } from './jid.ts';
import type { LogEntry } from './log.ts';
import { deliverOffline, routeMessage } from './messages.ts';
import { sendLastItems } from './pep-events.ts';
import { PepNode } from './pep-node.ts';
import { announceGone, receivePresence } from './presence.ts';
import { prosodyQuirks, type Quirks } from './quirks.ts';
import type { Realm } from './realm.ts';
import { Room, type RoomOptions } from './room.ts';
import { isRoomJid, receiveRoomMessage, receiveRoomPresence } from './room-service.ts';
import { addressOf, attribute, copyElement, errorReply, StanzaError } from './stanza.ts';

export interface ServerOptions {
  readonly quirks?: Partial<Quirks>;
  /** The server's clock; by default one that starts at 2026-01-01T00:00:00Z and goes on by a second a stanza received. */
  readonly now?: () => Date;
}

/** An account's node as it is to be found, for `LoopbackServer.createNode`. */
export interface NodeSetup {
  readonly jid: string;
  readonly node: string;
  readonly options?: Readonly<Record<string, string>>;
  readonly items?: readonly { readonly id: string; readonly payload: Element }[];
}

/**
 * An XMPP server in memory, at the level of stanzas. Accounts are there once they are named; every domain is served, and
 * rooms live at domains that begin with `muc.`, `rooms.` or `conference.`.
 *
 * Everything that crosses between a client and the server is copied, logged and meets the faults, in the order it was
 * sent, one crossing a microtask: equal calls give equal runs. Nothing waits for a timer; {@link settle} says when all is
 * at rest.
 */
export class LoopbackServer {
  readonly quirks: Quirks;
  readonly #border = new Border();
  readonly #accounts = new Map<string, Account>();
  readonly #rooms = new Map<string, Room>();
  readonly #realm: Realm;
  readonly #uplink: Uplink;
  #received = 0;
  #ids = 0;

  constructor(options: ServerOptions = {}) {
    this.quirks = { ...prosodyQuirks, ...options.quirks };
    this.#realm = {
      accounts: this.#accounts,
      rooms: this.#rooms,
      wanted: new Map(),
      quirks: this.quirks,
      nextId: () => `loopback-${++this.#ids}`,
      now: options.now ?? (() => new Date(Date.UTC(2026, 0, 1, 0, 0, this.#received))),
    };
    this.#uplink = {
      border: this.#border,
      receive: (connection, stanza) => this.#receive(connection, stanza),
      attach: (connection) => this.#attach(connection),
      detach: (connection) => this.#detach(connection),
    };
  }

  /** What goes wrong, on demand. */
  get faults(): Faults {
    return this.#border.faults;
  }

  /** Every stanza that came to the border, in order. Empty it with `server.log.length = 0`. */
  get log(): LogEntry[] {
    return this.#border.log;
  }

  /** Calls the watcher with each entry as it is logged; the function returned ends that. */
  watch(watcher: (entry: LogEntry) => void): () => void {
    return this.#border.watch(watcher);
  }

  /** Connects a resource, available from now on; another connection with the same full JID is put out. */
  connect(fullJid: string, options: ConnectOptions = {}): Connection {
    if (resourceOf(fullJid) === undefined) throw new TypeError(`${fullJid} is no full JID`);
    const connection = new Connection(this.#uplink, fullJid, options);
    connection.reconnect();
    return connection;
  }

  /** Makes an account without connecting to it. */
  register(bareJid: string): void {
    this.#account(bareJid);
  }

  /** Mutual presence subscription, as two rosters have it: what lets contacts read nodes and get their events. */
  subscribe(a: string, b: string): void {
    this.#account(a).contacts.add(bareOf(b));
    this.#account(b).contacts.add(bareOf(a));
  }

  unsubscribe(a: string, b: string): void {
    this.#account(a).contacts.delete(bareOf(b));
    this.#account(b).contacts.delete(bareOf(a));
  }

  /** Puts a node there as some other client may have left it, without any event; one of the same name is replaced. */
  createNode({ jid, node: name, options = {}, items = [] }: NodeSetup): void {
    const node = new PepNode(name, this.quirks.defaultAccessModel);
    node.configure(options, this.quirks.maxItems);
    for (const { id, payload } of items) node.publish(id, copyElement(payload), this.quirks.maxItems);
    this.#account(jid).nodes.set(name, node);
  }

  /** How a node is now: its configuration and its items, oldest first. */
  node(
    jid: string,
    name: string,
  ): { options: Readonly<Record<string, string>>; items: Map<string, Element> } | undefined {
    const node = this.#accounts.get(bareOf(jid))?.nodes.get(name);
    if (node === undefined) return undefined;
    const items = new Map([...node.items].map(([id, payload]) => [id, copyElement(payload)]));
    return { options: { ...node.options }, items };
  }

  /** Makes a room with affiliations, empty; by default non-anonymous and members-only, as OMEMO wants it. */
  createRoom(roomJid: string, options: RoomOptions = {}): Room {
    if (!isRoomJid(roomJid)) throw new TypeError(`${roomJid} is at no domain for rooms`);
    const room = new Room(bareOf(roomJid), options);
    this.#rooms.set(room.bareJid, room);
    return room;
  }

  room(roomJid: string): Room | undefined {
    return this.#rooms.get(bareOf(roomJid));
  }

  /** What the server keeps of an account's or a room's messages, oldest first, as an archive query finds it. */
  archive(bareJid: string): readonly ArchivedMessage[] {
    const owner = this.#rooms.get(bareOf(bareJid)) ?? this.#accounts.get(bareOf(bareJid));
    return (owner?.archive ?? []).map((message) => ({ ...message, stanza: copyElement(message.stanza) }));
  }

  /**
   * Resolves when nothing is under way and every promise that a listener returned is settled; throws what a listener threw.
   * While a fault holds an IQ back, a listener may be waiting for just that: it is then given ten turns of the event loop.
   */
  settle(): Promise<void> {
    return this.#border.settle();
  }

  #receive(connection: Connection, stanza: Element): void {
    this.#received++;
    stanza.attr('from', connection.jid);
    // What names nobody is for the own account (RFC 6120 10.3), presence for all who are subscribed to it.
    if (attribute(stanza, 'to') === undefined) stanza.attr('to', connection.bareJid);
    try {
      this.#route(connection, stanza);
    } catch (error) {
      if (!(error instanceof StanzaError)) throw error;
      // Errors are never answered, or two servers would go on for ever (RFC 6120 8.3.1).
      if (attribute(stanza, 'type') !== 'error') connection.deliver(errorReply(stanza, error.options));
    }
  }

  #route(connection: Connection, stanza: Element): void {
    const name = stanza.getName();
    const toRoom = isRoomJid(addressOf(stanza));
    if (name === 'iq') receiveIq(this.#realm, connection, stanza);
    else if (name === 'presence' && toRoom) receiveRoomPresence(this.#realm, connection, stanza);
    else if (name === 'presence') receivePresence(this.#realm, connection, stanza);
    else if (name === 'message' && toRoom) receiveRoomMessage(this.#realm, connection, stanza);
    else if (name === 'message') routeMessage(this.#realm, connection, stanza);
  }

  #attach(connection: Connection): void {
    const account = this.#account(connection.bareJid);
    account.connections.get(connection.jid)?.disconnect();
    account.connections.set(connection.jid, connection);
    if (connection.presence === undefined) return;
    deliverOffline(account, connection);
    sendLastItems(this.#realm, connection);
  }

  #detach(connection: Connection): void {
    for (const room of this.#rooms.values()) {
      const occupant = room.occupantOf(connection);
      if (occupant !== undefined) room.leave(occupant);
    }
    this.#account(connection.bareJid).connections.delete(connection.jid);
    announceGone(this.#realm, connection);
  }

  #account(jid: string): Account {
    const bareJid = bareOf(jid);
    const account = this.#accounts.get(bareJid) ?? new Account(bareJid);
    this.#accounts.set(bareJid, account);
    return account;
  }
}
