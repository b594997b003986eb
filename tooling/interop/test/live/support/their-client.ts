import type { Connection } from '@omemo-kit/loopback';
import type { Transport } from '@omemo-kit/omemo-core';
import type { Element } from 'ltx';
import {
  type CreateDeviceOptions,
  InteropError,
  messageStanza,
  TwomemoAccount,
  type TwomemoPeer,
} from '../../../src/index.ts';
import { envelopeOf, textIn } from './envelopes.ts';
import type { Outcome } from './outcome.ts';

export interface TheirOptions extends Partial<Omit<CreateDeviceOptions, 'jid' | 'source'>> {
  readonly peer: TwomemoPeer;
  readonly connection: Connection;
  readonly transport: Transport;
}

/** A python-omemo device that writes and reads SCE envelopes. */
export class TheirClient {
  readonly jid: string;
  readonly account: TwomemoAccount;
  readonly #transport: Transport;

  static async open({ connection, ...options }: TheirOptions): Promise<TheirClient> {
    const account = await TwomemoAccount.open({ ...options, jid: connection.bareJid });
    return new TheirClient(account, options.transport);
  }

  private constructor(account: TwomemoAccount, transport: Transport) {
    this.account = account;
    this.#transport = transport;
    this.jid = account.device.jid;
  }

  get deviceId(): number {
    return this.account.device.deviceId;
  }

  /** Reads an account's device list; `say` goes by the lists that it has. */
  async meet(jid: string): Promise<void> {
    await this.account.run((device) => device.refreshDevices(jid));
  }

  async say(to: string, text: string): Promise<void> {
    const plaintext = envelopeOf(text, { from: this.jid, to });
    const { xml } = await this.account.run((device) => device.encrypt({ to, plaintext }));
    await this.#transport.send(messageStanza({ to, xml, type: 'chat' }));
  }

  /** `sender` and `room` are for a stanza of a room: who is behind the nick, and which room it is. */
  async receive(stanza: Element, where: { readonly sender?: string; readonly room?: string } = {}): Promise<Outcome> {
    if (!this.#isFor(stanza)) return { type: 'not-for-it' };
    const from = where.sender ?? bare(String(stanza.attrs['from']));
    try {
      const received = await this.account.receive(stanza, from);
      if (received.type === 'empty') return { type: 'empty' };
      if (received.type !== 'envelope') return { type: 'not-for-it' };
      const to = where.room ?? bare(String(stanza.attrs['to']));
      const text = textIn(received.envelope, { from, to });
      return { type: 'read', text, from, deviceId: received.sender.deviceId };
    } catch (error) {
      if (!(error instanceof InteropError) || error.code !== 'peer-refused') throw error;
      return { type: 'unread', why: error.details.exception ?? '' };
    }
  }

  #isFor(stanza: Element): boolean {
    const groups = stanza.getChild('encrypted')?.getChild('header')?.getChildren('keys') ?? [];
    const own = groups.find(({ attrs }) => attrs['jid'] === this.jid);
    return own?.getChildren('key').some(({ attrs }) => attrs['rid'] === String(this.deviceId)) ?? false;
  }
}

function bare(jid: string): string {
  return jid.replace(/\/.*$/s, '');
}
