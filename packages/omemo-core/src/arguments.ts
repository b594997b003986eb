import {
  type BareJid,
  bareJid,
  bareJidOf,
  createElement,
  type EnvelopeToSeal,
  parseXml,
  serializeEnvelope,
  WireError,
} from '@omemo-kit/omemo-wire';
import type { Element } from 'ltx';
import { OmemoError } from './errors.ts';

/** A bare JID that the application gave. @throws OmemoError `invalid-argument`. */
export function jidArgument(text: string): BareJid {
  return orInvalid('this is no bare JID', () => bareJid(text));
}

/** Bare JIDs that the application gave. @throws OmemoError `invalid-argument`. */
export function jidArguments(texts: readonly string[]): BareJid[] {
  if (!Array.isArray(texts)) throw new OmemoError('invalid-argument', 'a list of bare JIDs is to be given');
  return texts.map(jidArgument);
}

/** Ids that the application gave. @throws OmemoError `invalid-argument`: one id alone would be taken for a list of its letters. */
export function idArguments(ids: readonly string[]): readonly string[] {
  if (Array.isArray(ids) && ids.every((id) => typeof id === 'string')) return ids;
  throw new OmemoError('invalid-argument', 'a list of ids is to be given');
}

/** @throws OmemoError `invalid-argument` for nothing where there is to be something. */
export function assertGiven(value: object, what: string): void {
  if (typeof value === 'object' && value !== null) return;
  throw new OmemoError('invalid-argument', `${what} is to be given`);
}

/** The envelope of content that the application gave. @throws OmemoError `invalid-argument`. */
export function envelopeArgument(envelope: EnvelopeToSeal): Uint8Array {
  if (!Array.isArray(envelope.content)) throw new OmemoError('invalid-argument', 'content is to be a list of elements');
  return orInvalid('this content cannot be sent', () => serializeEnvelope(envelope));
}

/** @throws OmemoError `invalid-argument` for a stanza that is no element, such as its text. */
export function assertElement(stanza: Element): void {
  if (typeof stanza === 'object' && stanza !== null && typeof stanza.is === 'function') return;
  throw new OmemoError('invalid-argument', 'a stanza is to be an ltx element');
}

/** Text that goes into a stanza. @throws OmemoError `invalid-argument` for what XML cannot carry. */
export function textArgument(text: string): string {
  orInvalid('this text cannot be sent', () => parseXml(createElement('text').t(text).toString()));
  return text;
}

/** A full JID that the application gave: one resource of an account. @throws OmemoError `invalid-argument`. */
export function fullJidArgument(text: string): { readonly full: string; readonly bare: BareJid } {
  const bare = orInvalid('this is no JID', () => bareJidOf(text));
  if (text.includes('/')) return { full: text, bare };
  throw new OmemoError('invalid-argument', 'an IQ goes to one resource: a full JID is to be given');
}

function orInvalid<T>(message: string, make: () => T): T {
  try {
    return make();
  } catch (cause) {
    if (cause instanceof WireError) throw new OmemoError('invalid-argument', message, { cause });
    throw cause;
  }
}
