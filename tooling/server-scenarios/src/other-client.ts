import { type PubsubItem, type Transport, TransportError } from '@omemo-kit/omemo-core/ports';
import { NODE_BUNDLES, NODE_DEVICES, NS_OMEMO } from '@omemo-kit/omemo-wire';
import { type StanzaChannel, stanzaTransport, xml } from '@omemo-kit/transport-stanzas';
import type { Element } from 'ltx';
import { onTestFinished } from 'vitest';
import type { AccountUnderTest, ServerUnderTest } from './server-under-test.ts';

const NS_OWNER = 'http://jabber.org/protocol/pubsub#owner';
const NS_DATA = 'jabber:x:data';

/** Another client of an account, that does what it likes with its nodes. */
export class OtherClient {
  readonly jid: string;
  readonly channel: StanzaChannel;
  readonly transport: Transport;

  static async online(server: ServerUnderTest, account: AccountUnderTest): Promise<OtherClient> {
    const link = await server.connect(account, 'other');
    onTestFinished(() => link.leave());
    // ejabberd pushes through any session of the account, and only to contacts whose presence that session has seen.
    await link.channel.send(xml('presence', {}));
    return new OtherClient(account.jid, link.channel);
  }

  private constructor(jid: string, channel: StanzaChannel) {
    this.jid = jid;
    this.channel = channel;
    this.transport = stanzaTransport(channel);
  }

  /** What the owner is told of a node's configuration. */
  async configuration(node: string): Promise<Record<string, string>> {
    const configure = xml('configure', { node });
    const answer = await this.channel.request(
      xml('iq', { type: 'get' }, xml('pubsub', { xmlns: NS_OWNER }, configure)),
    );
    const form = answer.getChild('pubsub', NS_OWNER)?.getChild('configure')?.getChild('x', NS_DATA);
    const fields = form?.getChildren('field') ?? [];
    return Object.fromEntries(fields.map((field) => [String(field.attrs['var']), field.getChildText('value') ?? '']));
  }

  /** Items of a node of this account, or of another; none where there is no such node. */
  async items(node: string, jid = this.jid): Promise<readonly PubsubItem[]> {
    return this.transport.fetch({ jid, node }).catch((error: unknown) => {
      if (error instanceof TransportError && error.condition === 'item-not-found') return [];
      throw error;
    });
  }

  /** Ids on the device list. */
  async listedDevices(jid?: string): Promise<number[]> {
    const [item] = (await this.items(NODE_DEVICES, jid)).slice(-1);
    return (item?.payload.getChildren('device') ?? []).map((device) => Number(device.attrs['id'])).sort();
  }

  /** Ids of devices that have a bundle. */
  async bundles(jid?: string): Promise<number[]> {
    return (await this.items(NODE_BUNDLES, jid)).map(({ id }) => Number(id)).sort();
  }

  /** Writes a device list, as somebody does who knows no other devices. */
  async overwriteDevices(...ids: number[]): Promise<void> {
    const devices = ids.map((id): Element => xml('device', { id: String(id) }));
    const payload = xml('devices', { xmlns: NS_OMEMO }, ...devices);
    await this.transport.publish({ node: NODE_DEVICES, item: { id: 'current', payload } });
  }
}
