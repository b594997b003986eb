import { WireError } from '../wire-error.ts';
import { canonicalDomain } from './domain-part.ts';
import { canonicalLocal } from './local-part.ts';

declare const brand: unique symbol;

/** An address without resource in its one canonical form: equal accounts are equal strings. */
export type BareJid = string & { readonly [brand]: 'BareJid' };

/** An ASCII address that is its own canonical form, which nearly all are. */
const PLAIN = /^(?:[a-z0-9._+=~!#$%*?^`{|}()[\];,\\-]{1,256}@)?(?!xn--)[a-z0-9](?:[a-z0-9_-]|\.(?!\.|xn--|$)){0,255}$/;

/** RFC 7622 3.1: localpart and domainpart have at most 1023 bytes each. */
const LONGEST = 2 * 1_023 + 1;

/**
 * The canonical form of a bare JID (RFC 7622): case, Unicode normalization, full-width forms, a final dot and Punycode
 * make no difference afterwards. Every address that is stored or compared goes through here (S41).
 *
 * Throws `invalid-jid` for a resource or a trailing slash, an empty part, a part above 1023 bytes, and forbidden
 * characters. Which letters of Unicode are assigned, symbols, or in the right direction is not checked.
 */
export function bareJid(text: string): BareJid {
  if (typeof text !== 'string') throw invalidJid('a JID must be a string');
  if (PLAIN.test(text)) return text as BareJid;
  if (text.length > LONGEST) throw invalidJid('a JID is too long');
  if (text.includes('/')) throw invalidJid('a bare JID has no resource');
  const at = text.indexOf('@');
  const domain = canonicalDomain(text.slice(at + 1));
  return (at < 0 ? domain : `${canonicalLocal(text.slice(0, at))}@${domain}`) as BareJid;
}

/** {@link bareJid} of a full or bare JID: what is left of the first slash. An empty resource is `invalid-jid`. */
export function bareJidOf(text: string): BareJid {
  if (typeof text !== 'string') throw invalidJid('a JID must be a string');
  const slash = text.indexOf('/');
  if (slash < 0) return bareJid(text);
  if (slash === text.length - 1) throw invalidJid('the resource of a JID is empty');
  return bareJid(text.slice(0, slash));
}

function invalidJid(message: string): WireError {
  return new WireError('invalid-jid', message);
}
