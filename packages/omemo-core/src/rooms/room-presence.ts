import type { BareJid } from '@omemo-kit/omemo-wire';
import { type AffiliationChange, toMemberAffiliation } from './members.ts';
import type { RoomNews } from './room-stanza.ts';

/** Somebody who is in a room now. */
export interface Occupant {
  readonly nick: string;
  /** Real bare JID; undefined where the room does not show it. */
  readonly jid: BareJid | undefined;
  readonly occupantId: string | undefined;
  /** Since when the nick is known to be theirs, in milliseconds since 1970. */
  readonly since: number;
}

/** What was told while the lists of a room are asked for: they may be older. */
export interface Journal {
  readonly changes: AffiliationChange[];
  /** The room was entered or configured meanwhile: what was asked before does not count. */
  outdated: boolean;
}

/** What a stanza of a room changed. */
export interface Told {
  readonly changes: readonly AffiliationChange[];
  readonly state: 'current' | 'stale' | 'left' | 'destroyed';
  /** Occupants' real JIDs are not shown to everybody any more. */
  readonly anonymous: boolean;
}

/** Status codes (XEP-0045 15.6). */
const SELF = '110';
const RENAMED = '303';
const NOW_ANONYMOUS = ['173', '174'];
/** The configuration changed: somehow, or so that everybody sees real JIDs. */
const RECONFIGURED = ['104', '172'];

/** Who is in a room, as far as its presence told this instance: it is of this connection, and so not stored. */
export class RoomPresence {
  readonly room: BareJid;
  readonly #limit: number;
  readonly #occupants = new Map<string, Occupant>();
  /** Accounts by occupant identifier, also of those who left: an identifier is an account's for good (XEP-0421). */
  readonly #accounts = new Map<string, BareJid>();
  readonly #journals = new Set<Journal>();
  #ownNick: string | undefined;
  /** Nicks of an earlier session that this one has not told of yet. */
  readonly #unconfirmed = new Set<string>();
  /** When the room could not be asked, in milliseconds since 1970, and why. */
  failure: { readonly at: number; readonly cause: unknown } | undefined;
  /** Times that something the room told could not be kept, and how many of them the room has been asked again for. */
  #losses = 0;
  #madeUpFor = 0;

  constructor(room: BareJid, limit: number) {
    this.room = room;
    this.#limit = limit;
  }

  get joined(): boolean {
    return this.#ownNick !== undefined;
  }

  get ownNick(): string | undefined {
    return this.#ownNick;
  }

  get occupants(): readonly Occupant[] {
    return [...this.#occupants.values()];
  }

  occupant(nick: string): Occupant | undefined {
    return this.#occupants.get(nick);
  }

  accountOf(occupantId: string): BareJid | undefined {
    return this.#accounts.get(occupantId);
  }

  /** A new session: we are in no room any more, and who has which nick is known again only when the room tells. */
  newSession(now: number): void {
    this.#ownNick = undefined;
    for (const [nick, occupant] of this.#occupants) {
      this.#unconfirmed.add(nick);
      this.#occupants.set(nick, { ...occupant, since: now });
    }
  }

  /** What the room told could not be stored: the stored members are not to be relied on until it was asked again (S56). */
  get mustAsk(): boolean {
    return this.#losses > this.#madeUpFor;
  }

  get losses(): number {
    return this.#losses;
  }

  noteLoss(): void {
    this.#losses += 1;
  }

  /** The room was asked, and its answer kept, after so many losses. */
  makeUpFor(losses: number): void {
    this.#madeUpFor = Math.max(this.#madeUpFor, losses);
  }

  /** Notes what is told from now on; to be ended with `endJournal`. */
  startJournal(): Journal {
    const journal: Journal = { changes: [], outdated: false };
    this.#journals.add(journal);
    return journal;
  }

  endJournal(journal: Journal): void {
    this.#journals.delete(journal);
  }

  /** Takes in what the room tells, in the order of the stream; must not wait for anything. */
  take(news: RoomNews, now: number): Told {
    const state = this.#stateAfter(news);
    this.#noteOccupant(news, now);
    if (state === 'left' || state === 'destroyed') this.#leave();
    const changes = news.items.flatMap(({ jid, affiliation }) =>
      jid === undefined || affiliation === undefined ? [] : [{ jid, affiliation: toMemberAffiliation(affiliation) }],
    );
    for (const journal of this.#journals) {
      journal.changes.push(...changes);
      if (state !== 'current') journal.outdated = true;
    }
    const anonymous = news.kind === 'message' && NOW_ANONYMOUS.some((code) => news.codes.has(code));
    return { changes, state, anonymous };
  }

  #stateAfter(news: RoomNews): Told['state'] {
    if (news.kind === 'message') return RECONFIGURED.some((code) => news.codes.has(code)) ? 'stale' : 'current';
    const self = news.codes.has(SELF) || (this.joined && news.nick === this.#ownNick);
    if (!self) return 'current';
    if (news.kind === 'available') {
      const entered = !this.joined;
      this.#ownNick = news.nick;
      if (entered) this.#entered();
      // What happened before we came nobody told us.
      return entered ? 'stale' : 'current';
    }
    if (news.codes.has(RENAMED)) return 'current';
    return news.destroyed ? 'destroyed' : 'left';
  }

  #noteOccupant(news: RoomNews, now: number): void {
    const { nick, kind, items, occupantId } = news;
    if (nick === undefined) return;
    this.#unconfirmed.delete(nick);
    if (kind === 'unavailable') {
      this.#occupants.delete(nick);
      // Who is renamed comes again under the new nick (XEP-0045 7.6).
      if (nick === this.#ownNick && news.codes.has(RENAMED)) this.#ownNick = items[0]?.nick ?? nick;
      return;
    }
    const before = this.#occupants.get(nick);
    const jid = items[0]?.jid;
    if (occupantId !== undefined && jid !== undefined) this.#noteAccount(occupantId, jid);
    if (before === undefined && this.#occupants.size >= this.#limit) return;
    // Nobody takes over a nick without a presence in between; should it happen all the same, it is somebody else.
    const since = before !== undefined && before.jid === jid ? before.since : now;
    this.#occupants.set(nick, { nick, jid, occupantId, since });
  }

  #noteAccount(occupantId: string, jid: BareJid): void {
    this.#accounts.delete(occupantId);
    this.#accounts.set(occupantId, jid);
    const [oldest] = this.#accounts.keys();
    if (this.#accounts.size > this.#limit && oldest !== undefined) this.#accounts.delete(oldest);
  }

  /** The presence of everybody else comes before the own one (XEP-0045 7.2.2): who was not told of has left. */
  #entered(): void {
    this.failure = undefined;
    for (const nick of this.#unconfirmed) this.#occupants.delete(nick);
    this.#unconfirmed.clear();
  }

  #leave(): void {
    this.#ownNick = undefined;
    this.#occupants.clear();
    this.#unconfirmed.clear();
  }
}
