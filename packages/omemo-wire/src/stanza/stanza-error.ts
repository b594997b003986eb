import type { Element } from 'ltx';
import { WireError } from '../wire-error.ts';
import { isXmlText } from '../xml/characters.ts';
import { appendElement, appendText, createElement } from '../xml/element.ts';
import { attributeOf, childElements, localName, namespaceOf } from '../xml/read-element.ts';
import { NS_CLIENT } from './stanza-kind.ts';

const NS_STANZAS = 'urn:ietf:params:xml:ns:xmpp-stanzas';

/** The defined conditions (RFC 6120 8.3.3). */
const CONDITIONS = [
  'bad-request',
  'conflict',
  'feature-not-implemented',
  'forbidden',
  'gone',
  'internal-server-error',
  'item-not-found',
  'jid-malformed',
  'not-acceptable',
  'not-allowed',
  'not-authorized',
  'policy-violation',
  'recipient-unavailable',
  'redirect',
  'registration-required',
  'remote-server-not-found',
  'remote-server-timeout',
  'resource-constraint',
  'service-unavailable',
  'subscription-required',
  'undefined-condition',
  'unexpected-request',
] as const;
export type StanzaErrorCondition = (typeof CONDITIONS)[number];

/** What is to be done about the error (RFC 6120 8.3.2). */
const TYPES = ['auth', 'cancel', 'continue', 'modify', 'wait'] as const;
export type StanzaErrorType = (typeof TYPES)[number];

/** A stanza error (RFC 6120 8.3). */
export interface StanzaError {
  readonly type: StanzaErrorType;
  /** `undefined-condition` for one that RFC 6120 does not name. */
  readonly condition: StanzaErrorCondition;
  /** Name of an element that says more, in a namespace of its own. */
  readonly applicationCondition?: string;
  /** Words for a person, at most 1,000 UTF-16 code units of them. */
  readonly text?: string;
}

/** Longest text that is handed out; a name is never as long in a stanza that some parser let through. */
const LONGEST_TEXT = 1_000;

/**
 * Reads the `<error/>` in a stanza of type error, or in decrypted content. Errors are made by all kinds of servers and
 * are only shown, so that nothing in one is refused: what is missing or unknown is `undefined-condition`, of type `cancel`.
 */
export function parseStanzaError(parent: Element): StanzaError {
  const error = childElements(parent).find((child) => localName(child) === 'error');
  const children = error === undefined ? [] : childElements(error);
  const named = (name: string) => (child: Element) => localName(child) === name && namespaceOf(child) === NS_STANZAS;
  const condition = CONDITIONS.find((name) => children.some(named(name))) ?? 'undefined-condition';
  const type = error && TYPES.find((name) => attributeOf(error, 'type') === name);
  const more = children.find((child) => namespaceOf(child) !== NS_STANZAS);
  const text = children.find(named('text'))?.children.filter((child) => typeof child === 'string');
  return {
    type: type ?? 'cancel',
    condition,
    ...(more === undefined ? {} : { applicationCondition: localName(more).slice(0, LONGEST_TEXT) }),
    ...(text === undefined ? {} : { text: text.join('').slice(0, LONGEST_TEXT) }),
  };
}

/** Writes an `<error/>`. Throws `invalid-character` for a text that XML cannot carry. */
export function serializeStanzaError({ type, condition, text }: Omit<StanzaError, 'applicationCondition'>): Element {
  const error = createElement('error', { xmlns: NS_CLIENT, type });
  appendElement(error, condition, { xmlns: NS_STANZAS });
  if (text === undefined) return error;
  if (!isXmlText(text)) {
    throw new WireError('invalid-character', 'the text of an error holds a character that XML cannot carry', {
      details: { in: 'error', part: 'text' },
    });
  }
  appendText(error, 'text', { text, attributes: { xmlns: NS_STANZAS } });
  return error;
}
