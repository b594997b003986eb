import type { Element } from 'ltx';
import type { ArchivedMessage } from './account.ts';
import type { Connection } from './connection.ts';
import { bareOf } from './jid.ts';
import { NS_MUC_USER, NS_OCCUPANT_ID } from './namespaces.ts';
import { copyElement, xml } from './stanza.ts';

export const affiliations = ['owner', 'admin', 'member', 'outcast', 'none'] as const;
export type Affiliation = (typeof affiliations)[number];

export interface RoomConfig {
  /** Who sees the real JIDs of occupants. */
  readonly whois: 'anyone' | 'moderators';
  readonly membership: 'members-only' | 'open';
}

/** What a room of this server can do, for what is kept in its archive and told of its occupants. */
export interface RoomAbilities {
  /** `none`: the archive holds messages without the real JIDs of their senders, as XEP-0313 lets it. */
  readonly archivedJids: 'named' | 'none';
  /** `off`: occupants get no identifiers (XEP-0421), and those that they made up are passed on. */
  readonly occupantIds: 'on' | 'off';
}

export interface RoomOptions extends Partial<RoomConfig>, Partial<RoomAbilities> {
  /** By bare JID. */
  readonly affiliations?: Readonly<Record<string, Affiliation>>;
}

export interface Occupant {
  readonly nick: string;
  readonly connection: Connection;
}

/** A room of the group chat service (XEP-0045): who may be in it, who is, and what was said. */
export class Room {
  readonly bareJid: string;
  readonly archive: ArchivedMessage[] = [];
  readonly abilities: RoomAbilities;
  #occupants: readonly Occupant[] = [];
  readonly #affiliations = new Map<string, Affiliation>();
  #config: RoomConfig;

  /** Made by `LoopbackServer.createRoom`, or when somebody enters it first. */
  constructor(bareJid: string, options: RoomOptions = {}) {
    this.bareJid = bareJid;
    this.#config = { whois: options.whois ?? 'anyone', membership: options.membership ?? 'members-only' };
    this.abilities = { archivedJids: options.archivedJids ?? 'named', occupantIds: options.occupantIds ?? 'on' };
    for (const [jid, affiliation] of Object.entries(options.affiliations ?? {})) this.#set(bareOf(jid), affiliation);
  }

  get config(): RoomConfig {
    return this.#config;
  }

  get occupants(): readonly Occupant[] {
    return this.#occupants;
  }

  /** Bare JIDs with this affiliation. */
  membersOf(affiliation: Affiliation): readonly string[] {
    return [...this.#affiliations].filter(([, own]) => own === affiliation).map(([jid]) => jid);
  }

  affiliationOf(jid: string): Affiliation {
    return this.#affiliations.get(bareOf(jid)) ?? 'none';
  }

  occupantOf(connection: Connection): Occupant | undefined {
    return this.occupants.find((occupant) => occupant.connection === connection);
  }

  occupantNamed(nick: string): Occupant | undefined {
    return this.#occupants.find((occupant) => occupant.nick === nick);
  }

  /** Lets somebody in: presence of those inside to them, then theirs to all, with 110 to themselves (7.2.2, 7.2.3). */
  enter(occupant: Occupant, codes: readonly number[] = []): void {
    for (const other of this.#occupants) this.#showPresence(other, [occupant], undefined, []);
    this.#occupants = [...this.#occupants, occupant];
    this.#showPresence(occupant, this.occupants, undefined, codes);
    occupant.connection.deliver(
      xml('message', { type: 'groupchat', from: this.bareJid, to: occupant.connection.jid }, xml('subject', {})),
    );
  }

  /** Gives an occupant another nick: the old one goes with 303 and the new name, then the new one comes (7.6). */
  rename(occupant: Occupant, nick: string): void {
    this.#showPresence(occupant, this.#occupants, 'unavailable', [303], nick);
    const renamed = { ...occupant, nick };
    this.#occupants = this.#occupants.map((each) => (each === occupant ? renamed : each));
    this.#showPresence(renamed, this.#occupants, undefined, []);
  }

  /** Puts everybody out, with the word that the room is no more (10.9). */
  destroy(): void {
    const everybody = this.#occupants;
    this.#occupants = [];
    for (const occupant of everybody) {
      const x = xml(
        'x',
        { xmlns: NS_MUC_USER },
        xml('item', { affiliation: 'none', role: 'none' }),
        xml('destroy', {}),
      );
      const addresses = { from: `${this.bareJid}/${occupant.nick}`, to: occupant.connection.jid };
      occupant.connection.deliver(xml('presence', { type: 'unavailable', ...addresses }, x));
    }
  }

  /** Marks a stanza of an occupant with the identifier of its account, in place of one that it brought (XEP-0421). */
  identify(stanza: Element, occupant: Occupant): Element {
    if (this.abilities.occupantIds === 'off') return stanza;
    for (const own of stanza.getChildren('occupant-id', NS_OCCUPANT_ID)) stanza.remove(own);
    const id = occupantId(this.bareJid, occupant.connection.bareJid);
    stanza.append(xml('occupant-id', { xmlns: NS_OCCUPANT_ID, id }));
    return stanza;
  }

  /** A message as the archive keeps it: of a room without secrets with the real JID of its sender (XEP-0313 "MUC Archives"). */
  forArchive(message: Element, sender: Occupant): Element {
    const kept = copyElement(message);
    if (this.#config.whois !== 'anyone' || this.abilities.archivedJids === 'none') return kept;
    const affiliation = this.affiliationOf(sender.connection.jid);
    const item = xml('item', { affiliation, role: roleOf(affiliation), jid: sender.connection.bareJid });
    kept.append(xml('x', { xmlns: NS_MUC_USER }, item));
    return kept;
  }

  /** The others see them go with the last session under their nick; codes say why (301 banned, 321 lost affiliation). */
  leave(occupant: Occupant, codes: readonly number[] = []): void {
    const others = this.#occupants.filter((other) => other !== occupant);
    const isLast = others.every(({ nick }) => nick !== occupant.nick);
    this.#showPresence(occupant, isLast ? this.#occupants : [occupant], 'unavailable', codes);
    this.#occupants = others;
  }

  /**
   * Changes an affiliation as the owner would and tells everybody inside: by the presence of the one changed, who is put
   * out when the new affiliation keeps them out, or by a message when they are not inside (9.3 to 9.9).
   */
  affiliate(jid: string, affiliation: Affiliation): void {
    const bareJid = bareOf(jid);
    if (this.affiliationOf(bareJid) === affiliation) return;
    this.#set(bareJid, affiliation);
    const inside = this.occupants.filter(({ connection }) => connection.bareJid === bareJid);
    for (const occupant of inside) {
      if (affiliation === 'outcast') this.leave(occupant, [301]);
      else if (affiliation === 'none' && this.#config.membership === 'members-only') this.leave(occupant, [321]);
      else this.#showPresence(occupant, this.occupants, undefined, []);
    }
    if (inside.length === 0) this.#tell(xml('item', { affiliation, jid: bareJid, role: 'none' }));
  }

  /** Changes the configuration and tells everybody inside by its status codes (10.2.1). */
  configure(config: Partial<RoomConfig>): void {
    const before = this.#config;
    this.#config = { ...before, ...config };
    const codes = [xml('status', { code: '104' })];
    if (before.whois !== this.#config.whois) {
      codes.push(xml('status', { code: this.#config.whois === 'anyone' ? '172' : '173' }));
    }
    this.#tell(...codes);
    if (this.#config.membership === 'open') return;
    for (const occupant of this.occupants) {
      if (this.affiliationOf(occupant.connection.jid) === 'none') this.leave(occupant, [322]);
    }
  }

  /** Sends a copy to everybody inside. */
  broadcast(stanza: Element): void {
    for (const { connection } of this.occupants) {
      const copy = copyElement(stanza);
      copy.attr('to', connection.jid);
      connection.deliver(copy);
    }
  }

  #set(bareJid: string, affiliation: Affiliation): void {
    if (affiliation === 'none') this.#affiliations.delete(bareJid);
    else this.#affiliations.set(bareJid, affiliation);
  }

  #tell(...content: Element[]): void {
    const x = xml('x', { xmlns: NS_MUC_USER }, ...content);
    this.broadcast(xml('message', { type: 'groupchat', from: this.bareJid }, x));
  }

  #showPresence(
    shown: Occupant,
    viewers: readonly Occupant[],
    type: 'unavailable' | undefined,
    codes: readonly number[],
    newNick?: string,
  ): void {
    const affiliation = this.affiliationOf(shown.connection.jid);
    for (const viewer of viewers) {
      const role = type === undefined ? roleOf(affiliation) : 'none';
      const seesJid =
        this.#config.whois === 'anyone' || roleOf(this.affiliationOf(viewer.connection.jid)) === 'moderator';
      const jid = seesJid ? shown.connection.jid : undefined;
      const own =
        viewer.connection === shown.connection
          ? [110, ...(this.#config.whois === 'anyone' && type === undefined ? [100] : [])]
          : [];
      const x = xml('x', { xmlns: NS_MUC_USER }, xml('item', { affiliation, role, jid, nick: newNick }));
      x.append(...[...codes, ...own].map((code) => xml('status', { code: String(code) })));
      const from = `${this.bareJid}/${shown.nick}`;
      const presence = xml('presence', { type, from, to: viewer.connection.jid }, x);
      viewer.connection.deliver(this.identify(presence, shown));
    }
  }
}

/** The same for an account in a room, and another in each: no secret here, only a name. */
function occupantId(room: string, account: string): string {
  return encodeURIComponent(`${room}:${account}`);
}

function roleOf(affiliation: Affiliation): 'moderator' | 'participant' {
  return affiliation === 'owner' || affiliation === 'admin' ? 'moderator' : 'participant';
}
