import { bareJid, bareJidOf, findEncrypted, parseEncrypted, unwrapForwarded } from '@omemo-kit/omemo-wire';
import type { Element } from 'ltx';
import { type MessagePlace, placeOf } from './message-gaps.ts';

/** What can be told of an encrypted message before it is decrypted. */
export interface Incoming {
  /** The message itself, out of the carbon copy if it came in one. */
  readonly message: Element;
  /** Id of the stanza. */
  readonly id: string;
  /** Bare JID. */
  readonly from: string;
  readonly deviceId: number;
  /** Undefined when it holds no key for this device. */
  readonly place: MessagePlace | undefined;
  /** An empty message keeps a session going and is nothing to show, least of all to those it is not for. */
  readonly content: 'text' | 'empty';
}

/** Undefined for a stanza that is no encrypted message. Throws a `WireError` for what is malformed. */
export function incomingOf(stanza: Element, own: { readonly jid: string; readonly deviceId: number }) {
  if (!stanza.is('message')) return undefined;
  const jid = bareJid(own.jid);
  const { message } = unwrapForwarded({ stanza, ownBareJid: jid });
  const encrypted = findEncrypted(message);
  if (encrypted === undefined) return undefined;
  const { sid, key, payload } = parseEncrypted(encrypted, { jid, deviceId: own.deviceId });
  const incoming: Incoming = {
    message,
    id: attribute(message, 'id'),
    from: bareJidOf(attribute(message, 'from')),
    deviceId: sid,
    place: key === undefined ? undefined : placeOf(key),
    content: payload === undefined ? 'empty' : 'text',
  };
  return incoming;
}

function attribute(element: Element, name: string): string {
  return String(element.attrs[name] ?? '');
}
