import type { Socket } from 'node:net';
import type { XmppAccount, XmppServer } from '@omemo-kit/interop';
import {
  blindTrustBeforeVerification,
  type ReadMessage,
  systemRandomness,
  textBody,
  textOf,
} from '@omemo-kit/omemo-core';
import { SharedMemory } from '@omemo-kit/storage-memory';
import type { Trouble } from '@omemo-kit/transport-stanzas';
import { type Client, client } from '@xmpp/client';
import { onTestFinished } from 'vitest';
import { type AttachedOmemo, type AttachOptions, attachOmemo } from '../../src/index.ts';

export type Link = 'tcp' | 'websocket';

export interface DeviceOptions extends Partial<AttachOptions> {
  readonly resource?: string;
  readonly memory?: SharedMemory;
}

let chosen = 0;

/** In turn: of two who meet a device at once, one in 25 would take the same pre-key as the other, and its message be lost. */
const randomness = {
  ...systemRandomness,
  choosePreKey: <Key>(keys: readonly Key[]) => keys[chosen++ % keys.length] as Key,
};

/** A client of xmpp.js on a real server, as an application has one. */
export function xmppOf(server: XmppServer, account: XmppAccount, link: Link, resource = 'desk'): Client {
  const [username, domain] = account.jid.split('@') as [string, string];
  const service = link === 'tcp' ? server.tcpUrl : server.websocketUrl;
  const { password } = account;
  // The SCRAM of xmpp.js is computed in JavaScript, half a second for each login.
  const plain = (authenticate: (who: { username: string; password: string }, mechanism: string) => Promise<void>) =>
    authenticate({ username, password }, 'PLAIN');
  const xmpp = client({ service, domain, resource, username, credentials: plain as never });
  xmpp.reconnect.delay = 20;
  // Small stanzas one after the other would wait for each other's delayed acknowledgement, 40 ms each.
  xmpp.on('connect', () => (xmpp.socket as unknown as Partial<Socket>).setNoDelay?.(true));
  // Broken connections are part of these tests; nobody listening would end the process.
  xmpp.on('error', () => undefined);
  onTestFinished(async () => {
    xmpp.reconnect.stop();
    await xmpp.stop().catch(() => undefined);
  });
  return xmpp;
}

/** A device: a client with an Omemo attached, and what it told. */
export class Device {
  readonly xmpp: Client;
  readonly attached: AttachedOmemo;
  readonly memory: SharedMemory;
  readonly messages: ReadMessage[] = [];
  readonly troubles: Trouble[] = [];
  readonly sessions: string[] = [];
  readonly pushed: string[] = [];

  private constructor(xmpp: Client, attached: AttachedOmemo, memory: SharedMemory) {
    this.xmpp = xmpp;
    this.attached = attached;
    this.memory = memory;
    attached.on('message', (message) => message.type === 'message' && this.messages.push(message));
    attached.on('trouble', (trouble) => this.troubles.push(trouble));
    attached.on('ready', ({ session }) => this.sessions.push(session));
    attached.omemo.on('device-list', ({ jid }) => this.pushed.push(jid));
  }

  static async online(
    server: XmppServer,
    account: XmppAccount,
    link: Link,
    options: DeviceOptions = {},
  ): Promise<Device> {
    const { resource, memory = new SharedMemory(), ...rest } = options;
    const xmpp = xmppOf(server, account, link, resource);
    const attached = await attachOmemo(xmpp, {
      store: memory.open(),
      trust: blindTrustBeforeVerification,
      limits: { preKeys: 25 },
      randomness,
      ...rest,
    });
    const device = new Device(xmpp, attached, memory);
    onTestFinished(() => attached.close());
    await xmpp.start();
    await attached.ready;
    return device;
  }

  get jid(): string {
    return this.attached.omemo.jid;
  }

  get texts(): string[] {
    return this.messages.map(({ envelope }) => (envelope === undefined ? '' : (textOf(envelope) ?? '')));
  }

  say(to: string, text: string) {
    return this.attached.omemo.send({ to, content: [textBody(text)] });
  }

  /** The process ends; another one may start on its memory. */
  async leave(): Promise<void> {
    await this.attached.close();
    this.xmpp.reconnect.stop();
    await this.xmpp.stop();
  }

  /** The network ends under the client, which is told of nothing and says no goodbye. */
  breakConnection(): void {
    const { socket } = this.xmpp as unknown as {
      socket: { socket?: { close(): void; destroy?(): void }; destroy?(): void };
    };
    if (socket.destroy !== undefined) socket.destroy();
    else socket.socket?.close();
  }
}
