import type { Transport } from '@omemo-kit/omemo-core';
import type { Element } from 'ltx';
import type { Reply, TwomemoEffect } from './effects.ts';
import { InteropError } from './interop-error.ts';
import { messageStanza, NODE_DEVICES, sourceFrom, writeEffect } from './transport-glue.ts';
import type { TwomemoDevice } from './twomemo-device.ts';
import type { CreateDeviceOptions, TwomemoPeer } from './twomemo-peer.ts';
import type { KnownDevice } from './twomemo-results.ts';

const NS_OMEMO = 'urn:xmpp:omemo:2';
const NS_PUBSUB_EVENT = 'http://jabber.org/protocol/pubsub#event';

export interface OpenAccountOptions extends Omit<CreateDeviceOptions, 'source'> {
  readonly peer: TwomemoPeer;
  /** The connection of the account. */
  readonly transport: Transport;
}

/** A message to send. The envelope is made by the caller: python-omemo knows no SCE. */
export interface OutgoingEnvelope {
  /** Whom the stanza goes to: a bare JID, or a room. */
  readonly to: string;
  /** Serialized `<envelope xmlns="urn:xmpp:sce:1"/>`: encrypted as it is. */
  readonly envelope: Uint8Array;
  /** Bare JIDs of the members when `to` is a room; the stanza is of type groupchat then. */
  readonly members?: readonly string[];
  /** Id of the stanza. */
  readonly id?: string;
}

/** What a received stanza was. */
export type Received =
  | { readonly type: 'envelope'; readonly sender: KnownDevice; readonly envelope: Uint8Array }
  | { readonly type: 'empty'; readonly sender: KnownDevice }
  | { readonly type: 'devices'; readonly jid: string }
  | { readonly type: 'ignored' };

/**
 * A python-omemo device as a client: it sits on the Transport port, where the project's own facade would, and so on any
 * server that has one. The caller hands it incoming stanzas, and makes and reads the SCE envelopes.
 */
export class TwomemoAccount {
  readonly device: TwomemoDevice;
  readonly #transport: Transport;
  #written: Promise<void> = Promise.resolve();

  /** Makes the device; resolves when the server has its bundle and the list with it in. */
  static async open({ peer, transport, ...options }: OpenAccountOptions): Promise<TwomemoAccount> {
    const { value, effects } = await peer.createDevice({ ...options, source: sourceFrom(transport) });
    const account = new TwomemoAccount(value, transport);
    await account.#write(effects);
    return account;
  }

  private constructor(device: TwomemoDevice, transport: Transport) {
    this.device = device;
    this.#transport = transport;
  }

  /**
   * Encrypts the envelope and sends it, and resolves to the stanza that went out. Lists of recipients are read anew
   * before, because the server pushes only those of contacts.
   */
  async send({ to, envelope, members, id }: OutgoingEnvelope): Promise<Element> {
    const recipients = members ?? [to];
    for (const jid of recipients) await this.run((device) => device.refreshDevices(jid));
    const { xml } = await this.run((device) => device.encrypt({ to: recipients, plaintext: envelope }));
    const stanza = messageStanza({ to, xml, type: members === undefined ? 'chat' : 'groupchat' });
    if (id !== undefined) stanza.attrs['id'] = id;
    await this.#transport.send(stanza);
    return stanza;
  }

  /**
   * Takes a stanza in: an encrypted message, or a push of a device list. Carbons and archive results are for the caller
   * to unwrap, and in a room the caller knows the sender: the bare JID of the occupant, in the place of `from`.
   *
   * Resolves when what the device wrote because of it has gone out; a server that delivers must not wait for that inside
   * a send of this account.
   */
  async receive(stanza: Element, sender?: string): Promise<Received> {
    const jid = sender ?? String(stanza.attrs['from'] ?? this.device.jid).replace(/\/.*$/s, '');
    const encrypted = stanza.getChild('encrypted', NS_OMEMO);
    if (encrypted !== undefined) {
      const xml = encrypted.toString();
      const { plaintext, sender } = await this.run((device) => device.decrypt({ sender: jid, xml }));
      return plaintext === undefined ? { type: 'empty', sender } : { type: 'envelope', sender, envelope: plaintext };
    }
    const items = stanza.getChild('event', NS_PUBSUB_EVENT)?.getChild('items');
    const devices = items?.getChild('item')?.getChild('devices', NS_OMEMO);
    if (devices === undefined || items?.attrs['node'] !== NODE_DEVICES) return { type: 'ignored' };
    await this.run((device) => device.pushDevices({ jid, xml: devices.toString() }));
    return { type: 'devices', jid };
  }

  /**
   * Any request to the device, with what it writes sent out: `account.run((device) => device.setLabel('Phone'))`. Where
   * python-omemo refused after it had written something, that is sent out as well.
   */
  async run<T>(request: (device: TwomemoDevice) => Promise<Reply<T>>): Promise<T> {
    try {
      const { value, effects } = await request(this.device);
      await this.#write(effects);
      return value;
    } catch (error) {
      if (error instanceof InteropError) await this.#write(error.details.effects ?? []);
      throw error;
    }
  }

  /** In order, one at a time: a newer bundle must not be overtaken by an older one. */
  #write(effects: readonly TwomemoEffect[]): Promise<void> {
    const written = this.#written.then(async () => {
      for (const effect of effects) await writeEffect(this.#transport, effect);
    });
    this.#written = written.catch(() => {});
    return written;
  }
}
