import { type AttachedOmemo, type AttachOptions, attachOmemo as attachToChannel } from '@omemo-kit/transport-stanzas';
import type { XmppClient } from './client.ts';
import { xmppjsChannel } from './xmppjs-channel.ts';

/** Opens Omemo for the account of an xmpp.js client and lives with it; see `attachOmemo` of `@omemo-kit/transport-stanzas`. */
export function attachOmemo(xmpp: XmppClient, options: AttachOptions): Promise<AttachedOmemo> {
  return attachToChannel(xmppjsChannel(xmpp), options);
}
