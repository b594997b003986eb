import type { Socket } from 'node:net';
import type { XmppServer } from '@omemo-kit/interop';
import { xmppjsChannel } from '@omemo-kit/transport-xmppjs';
import { client } from '@xmpp/client';
import type { AccountUnderTest, Link } from './server-under-test.ts';

export type Wire = 'TCP' | 'WebSocket';

/** A client of xmpp.js, logged in and without presence. */
export async function xmppjsLink(
  server: XmppServer,
  wire: Wire,
  who: { readonly account: AccountUnderTest; readonly resource: string },
): Promise<Link> {
  const { account, resource } = who;
  const [username, domain] = account.jid.split('@') as [string, string];
  const service = wire === 'TCP' ? server.tcpUrl : server.websocketUrl;
  const xmpp = client({ service, domain, resource, username, credentials: plainOf(username, account.password) });
  xmpp.reconnect.stop();
  // Small stanzas one after the other would wait for each other's delayed acknowledgement, 40 ms each.
  xmpp.on('connect', () => (xmpp.socket as unknown as Partial<Socket>).setNoDelay?.(true));
  let failure: unknown;
  xmpp.on('error', (error) => {
    failure ??= error;
  });
  await xmpp.start().catch((error: unknown) => {
    throw failure ?? error;
  });
  return {
    channel: xmppjsChannel(xmpp),
    leave: async () => {
      await xmpp.stop().catch(() => undefined);
    },
  };
}

/** The SCRAM of xmpp.js is computed in JavaScript, half a second for each login. */
function plainOf(username: string, password: string): never {
  type Authenticate = (who: { username: string; password: string }, mechanism: string) => Promise<void>;
  return ((authenticate: Authenticate) => authenticate({ username, password }, 'PLAIN')) as never;
}
