import type { BareJid } from '@omemo-kit/omemo-wire';
import { Element } from 'ltx';

/**
 * The `<message/>` around `<encrypted/>`, with the hint that keeps it for devices that are offline (XEP-0334, XEP-0384
 * 5.5.3). Of type `chat`, so that servers send it to all devices of an account.
 */
export function messageStanza(to: { readonly id: string; readonly to: BareJid }) {
  return (encrypted: Element): Element => {
    const message = new Element('message', { xmlns: 'jabber:client', id: to.id, to: to.to, type: 'chat' });
    message.cnode(encrypted);
    message.c('store', { xmlns: 'urn:xmpp:hints' });
    return message;
  };
}
