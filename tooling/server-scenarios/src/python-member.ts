import { TwomemoAccount, type TwomemoPeer } from '@omemo-kit/interop';
import { parseEnvelope, serializeEnvelope } from '@omemo-kit/omemo-wire';
import { joinRoom, stanzaTransport, xml } from '@omemo-kit/transport-stanzas';
import type { Element } from 'ltx';
import { onTestFinished } from 'vitest';
import type { PythonInRoom } from './python-in-room.ts';
import type { AccountUnderTest, Link, ServerUnderTest } from './server-under-test.ts';

const NS_MUC_ADMIN = 'http://jabber.org/protocol/muc#admin';
const NS_MUC_USER = 'http://jabber.org/protocol/muc#user';

/** python-omemo without a client around it: its keys, sessions and ratchets are none of ours, stanzas and rooms are. */
export class PythonMember implements PythonInRoom {
  readonly jid: string;
  readonly texts: string[] = [];
  readonly unread: string[] = [];
  readonly #account: TwomemoAccount;
  readonly #link: Link;
  readonly #room: string;
  /** Real JIDs by nick, as the room's presence tells. */
  readonly #people = new Map<string, string>();
  #reading: Promise<void> = Promise.resolve();

  static async online(options: {
    readonly server: ServerUnderTest;
    readonly peer: TwomemoPeer;
    readonly account: AccountUnderTest;
    readonly room: string;
  }): Promise<PythonMember> {
    const { server, peer, account, room } = options;
    const link = await server.connect(account, 'python');
    onTestFinished(() => link.leave());
    const transport = stanzaTransport(link.channel);
    const python = await TwomemoAccount.open({ peer, transport, jid: account.jid });
    return new PythonMember(account.jid, python, link, room);
  }

  private constructor(jid: string, account: TwomemoAccount, link: Link, room: string) {
    this.jid = jid;
    this.#account = account;
    this.#link = link;
    this.#room = room;
    link.channel.onStanza((stanza) => this.#take(stanza));
  }

  async enter(): Promise<void> {
    // What is answered to it comes one to one, to those who are available.
    await this.#link.channel.send(xml('presence', {}));
    await joinRoom({
      channel: this.#link.channel,
      room: this.#room,
      nick: `nick of ${this.jid.split('@')[0]}`,
      history: 0,
      presence: [],
    });
  }

  async say(text: string): Promise<void> {
    const members = await this.#members();
    const body = xml('body', { xmlns: 'jabber:client' }, text);
    const affixes = { from: this.jid, to: this.#room, time: new Date(), padding: 'python' };
    const envelope = serializeEnvelope({ content: [body], ...affixes });
    await this.#account.send({ to: this.#room, members, envelope });
  }

  /** Bare JIDs on the lists of the room (XEP-0384 5.8). */
  async #members(): Promise<string[]> {
    const listed: string[] = [];
    for (const affiliation of ['owner', 'admin', 'member']) {
      const query = xml('query', { xmlns: NS_MUC_ADMIN }, xml('item', { affiliation }));
      const answer = await this.#link.channel.request(xml('iq', { type: 'get', to: this.#room }, query));
      const items = answer.getChild('query', NS_MUC_ADMIN)?.getChildren('item') ?? [];
      listed.push(...items.map(({ attrs }) => String(attrs['jid'])));
    }
    return listed.filter((jid) => jid !== this.jid);
  }

  #take(stanza: Element): void {
    const [from = '', nick = ''] = String(stanza.attrs['from'] ?? '').split(/\/(.*)/s);
    if (stanza.is('presence') && from === this.#room) {
      const jid = stanza.getChild('x', NS_MUC_USER)?.getChild('item')?.attrs['jid'];
      if (jid !== undefined) this.#people.set(nick, String(jid).split('/')[0]!);
      return;
    }
    if (stanza.getChild('encrypted') === undefined) return;
    const sender = from === this.#room ? this.#people.get(nick) : from;
    // Its own words come back from the room.
    if (sender === undefined || (sender === this.jid && from === this.#room)) return;
    this.#reading = this.#reading
      .then(() => this.#read(stanza, sender))
      .catch((error: unknown) => void this.unread.push(String(error)));
  }

  async #read(stanza: Element, sender: string): Promise<void> {
    const received = await this.#account.receive(stanza, sender);
    if (received.type !== 'envelope') return;
    const { from, to, content } = parseEnvelope(received.envelope);
    if (from !== sender || to !== this.#room) throw new Error(`an envelope from ${from} to ${to}`);
    this.texts.push(content[0]?.text() ?? '');
  }
}
