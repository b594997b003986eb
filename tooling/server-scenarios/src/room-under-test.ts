import type { RoomRules } from '@omemo-kit/omemo-core';
import { textBody } from '@omemo-kit/omemo-core';
import { type StanzaChannel, xml } from '@omemo-kit/transport-stanzas';
import type { Device } from './device.ts';
import type { ServerUnderTest } from './server-under-test.ts';

const NS_MUC = 'http://jabber.org/protocol/muc';
const NS_DATA = 'jabber:x:data';
let rooms = 0;

/** A room for members who see each other's JIDs, made by its owner. */
export class RoomUnderTest {
  readonly jid: string;
  readonly #owner: Device;

  static async create(server: ServerUnderTest, owner: Device): Promise<RoomUnderTest> {
    const room = new RoomUnderTest(`room${rooms++}-${owner.jid.split('@')[0]}@${server.roomDomain}`, owner);
    await owner.attached.joinRoom({ room: room.jid, nick: nickOf(owner) });
    await room.#configure();
    await owner.omemo.rooms.room(room.jid).refresh();
    return room;
  }

  private constructor(jid: string, owner: Device) {
    this.jid = jid;
    this.#owner = owner;
  }

  /** Changes an affiliation, by the owner. */
  async affiliate(jid: string, affiliation: 'member' | 'none' | 'admin' | 'outcast'): Promise<void> {
    const query = xml('query', { xmlns: `${NS_MUC}#admin` }, xml('item', { jid, affiliation }));
    await this.#channel.request(xml('iq', { type: 'set', to: this.jid }, query));
  }

  async destroy(): Promise<void> {
    const query = xml('query', { xmlns: `${NS_MUC}#owner` }, xml('destroy', {}));
    await this.#channel.request(xml('iq', { type: 'set', to: this.jid }, query));
  }

  enter(device: Device) {
    return device.attached.joinRoom({ room: this.jid, nick: nickOf(device) });
  }

  say(device: Device, text: string, rules: RoomRules = {}) {
    return device.omemo.rooms.room(this.jid, rules).send({ content: [textBody(text)] });
  }

  /** Bare JIDs of all who are written to. */
  async members(device: Device): Promise<string[]> {
    return (await device.omemo.rooms.room(this.jid).members()).map(({ jid }) => String(jid)).sort();
  }

  async #configure(): Promise<void> {
    const fields = { 'muc#roomconfig_membersonly': '1', 'muc#roomconfig_whois': 'anyone' };
    const form = xml('x', { xmlns: NS_DATA, type: 'submit' });
    for (const [name, value] of Object.entries({ FORM_TYPE: `${NS_MUC}#roomconfig`, ...fields })) {
      form.cnode(xml('field', { var: name }, xml('value', {}, value)));
    }
    await this.#channel.request(
      xml('iq', { type: 'set', to: this.jid }, xml('query', { xmlns: `${NS_MUC}#owner` }, form)),
    );
  }

  get #channel(): StanzaChannel {
    return this.#owner.link.channel;
  }
}

export function nickOf({ jid }: { readonly jid: string }): string {
  return `nick of ${jid.split('@')[0]}`;
}
