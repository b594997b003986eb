import { type BareJid, createElement } from '@omemo-kit/omemo-wire';
import type { Element } from 'ltx';
import type { StanzaMarks } from './stanza-marks.ts';

export interface MessageStanza {
  readonly id: string;
  readonly to: BareJid;
  /** `groupchat` for a room; `chat` by default, so that servers send it to all devices of an account. */
  readonly type?: 'chat' | 'groupchat';
  /** Elements beside `<encrypted/>`, in the clear. */
  readonly beside?: readonly Element[] | undefined;
  /** What tells others that there is something encrypted; nothing by default, as in all empty messages. */
  readonly marks?: StanzaMarks | undefined;
}

/**
 * The `<message/>` around `<encrypted/>`, with the hint that keeps it for devices that are offline (XEP-0334, XEP-0384
 * 5.5.3, R86). A fallback body is only there when it was asked for: XEP-0420 forbids it (X34).
 */
export function messageStanza({ id, to, type = 'chat', beside = [], marks = {} }: MessageStanza) {
  return (encrypted: Element): Element => {
    const message = createElement('message', { xmlns: 'jabber:client', id, to, type });
    message.cnode(encrypted);
    message.c('store', { xmlns: 'urn:xmpp:hints' });
    if (marks.explicitEncryption === 'on') {
      // XEP-0380: its namespace is that of the `<encrypted/>` beside it.
      message.c('encryption', { xmlns: 'urn:xmpp:eme:0', namespace: encrypted.attrs['xmlns'], name: 'OMEMO' });
    }
    if (marks.fallbackBody) message.c('body').t(marks.fallbackBody);
    for (const element of beside) message.cnode(element);
    return message;
  };
}
