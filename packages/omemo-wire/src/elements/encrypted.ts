import type { Element } from 'ltx';
import { type BareJid, bareJid } from '../address/bare-jid.ts';
import { parseId } from '../device-id.ts';
import { limitOf, type WireLimits } from '../limits.ts';
import { NS_OMEMO } from '../namespaces.ts';
import { WireError } from '../wire-error.ts';
import {
  childrenNamed,
  expectElement,
  isElement,
  onlyChild,
  optionalChild,
  requiredAttribute,
} from '../xml/read-element.ts';
import { base64Content, booleanAttribute, idAttribute } from '../xml/read-values.ts';

/** This device, as senders address it. */
export interface Recipient {
  readonly jid: BareJid;
  readonly deviceId: number;
}

/** What an `<encrypted/>` element (XEP-0384 5.5.3) holds for one device. */
export interface Encrypted {
  /** The sending device, 0..2^32-1. Who owns it is told by the stanza, not by this element. */
  readonly sid: number;
  /** Bytes of the `<key>` for this device; undefined when there is none, so the message is not for it (5.6). */
  readonly key: Uint8Array | undefined;
  /** The `kex` attribute of that `<key>`. For diagnosis: `decodeKeyContent` tells what the bytes are. */
  readonly kexAttribute: boolean;
  /** The sealed envelope; undefined in an empty message. An element without text counts as absent (X28). */
  readonly payload: Uint8Array | undefined;
  /** How many `<key>` elements there are, for all devices. */
  readonly recipients: number;
}

/**
 * Reads an `<encrypted/>` element for one recipient device, by the schema (XEP-0384 section 11, R133). Exactly one
 * `<header/>`, at most one `<payload/>`, at most one `<keys/>` for this account and one `<key/>` for this device in it:
 * two spellings of one JID are one JID. The keys of other devices must be well-formed but are not decoded. Throws a
 * `WireError`.
 */
export function parseEncrypted(element: Element, recipient: Recipient, overrides?: Partial<WireLimits>): Encrypted {
  expectElement(element, { name: 'encrypted', namespace: NS_OMEMO });
  const header = onlyChild(element, { name: 'header', namespace: NS_OMEMO });
  const payload = optionalChild(element, { name: 'payload', namespace: NS_OMEMO });
  const sid = idAttribute(header, 'sid');
  const { own, count } = findKey(header, recipient, limitOf('keysPerStanza', overrides));
  const sealed = payload && base64Content(payload, { part: 'payload', limit: limitOf('payloadBytes', overrides) });
  return {
    sid,
    key: own && base64Content(own, { part: 'key', limit: limitOf('keyContentBytes', overrides) }),
    kexAttribute: own !== undefined && booleanAttribute(own, 'kex'),
    payload: sealed?.length === 0 ? undefined : sealed,
    recipients: count,
  };
}

/**
 * The `<encrypted/>` child of a message; undefined in a message that has none. Throws `repeated-element` for two of them
 * (S40); one of another protocol version beside it does not count (X36).
 */
export function findEncrypted(message: Element): Element | undefined {
  return isElement(message) ? optionalChild(message, { name: 'encrypted', namespace: NS_OMEMO }) : undefined;
}

function findKey(header: Element, recipient: Recipient, limit: number): { own: Element | undefined; count: number } {
  let ownKeys: Element | undefined;
  let own: Element | undefined;
  let count = 0;
  const groups = childrenNamed(header, { name: 'keys', namespace: NS_OMEMO });
  if (groups.length > limit) throw tooMany(limit);
  for (const keys of groups) {
    const isOwn = bareJid(requiredAttribute(keys, 'jid')) === recipient.jid;
    if (isOwn) {
      if (ownKeys !== undefined) throw repeated('keys');
      ownKeys = keys;
    }
    const children = childrenNamed(keys, { name: 'key', namespace: NS_OMEMO });
    count += children.length;
    if (count > limit) throw tooMany(limit);
    for (const key of children) {
      const rid = parseId(requiredAttribute(key, 'rid'));
      if (!isOwn || rid !== recipient.deviceId) continue;
      if (own !== undefined) throw repeated('key');
      own = key;
    }
  }
  return { own, count };
}

function repeated(part: string): WireError {
  return new WireError('repeated-element', `there is more than one <${part}/> for this device`, { details: { part } });
}

function tooMany(limit: number): WireError {
  return new WireError('too-many', `the stanza has more than ${limit} keys`, { details: { in: 'header', limit } });
}
