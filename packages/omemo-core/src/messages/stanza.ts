import { type BareJid, createElement } from '@omemo-kit/omemo-wire';
import type { Element } from 'ltx';

export interface MessageStanza {
  readonly id: string;
  readonly to: BareJid;
  /** Elements beside `<encrypted/>`, in the clear. */
  readonly beside?: readonly Element[] | undefined;
}

/**
 * The `<message/>` around `<encrypted/>`, with the hint that keeps it for devices that are offline (XEP-0334, XEP-0384
 * 5.5.3). Of type `chat`, so that servers send it to all devices of an account.
 */
export function messageStanza({ id, to, beside = [] }: MessageStanza) {
  return (encrypted: Element): Element => {
    const message = createElement('message', { xmlns: 'jabber:client', id, to, type: 'chat' });
    message.cnode(encrypted);
    message.c('store', { xmlns: 'urn:xmpp:hints' });
    for (const element of beside) message.cnode(element);
    return message;
  };
}
