import { encodeBase64 } from '@omemo-kit/omemo-wire';
import type { Element } from 'ltx';

/** A text shorter than this many bytes turns up among random base64 by chance. */
const DISTINCTIVE_BYTES = 8;

/** How a message is written, whatever it says. */
const VOCABULARY =
  '<message xmlns="jabber:client" type="chat" id="" from="" to=""><encrypted xmlns="urn:xmpp:omemo:2"><header sid="">' +
  '<keys jid=""><key rid="" kex="true"></key></keys></header><payload></payload></encrypted>' +
  '<store xmlns="urn:xmpp:hints"/><stanza-id xmlns="urn:xmpp:sid:0" by="" id=""/></message>' +
  '<sent xmlns="urn:xmpp:carbons:2"><forwarded xmlns="urn:xmpp:forward:0"></forwarded></sent>';

/** A text to look for, in every form in which it would be a leak. */
export interface Needle {
  readonly text: string;
  readonly spellings: readonly string[];
  readonly utf8: Uint8Array;
}

/**
 * What to look for to find this text: the whole of it and each of its lines. Empty when it is too short, or known to the
 * server anyway (`before`: all that it had seen before anybody wrote), so that finding it would prove nothing.
 */
export function needlesFor(text: string, before: readonly Readable[]): readonly Needle[] {
  const isKnown = (part: string) => VOCABULARY.includes(part) || before.some(({ xml }) => xml.includes(part));
  const parts = new Set([text, ...text.split('\n')].map((part) => part.trim()));
  return [...parts].flatMap((part) => {
    const utf8 = new TextEncoder().encode(part);
    if (utf8.length < DISTINCTIVE_BYTES || isKnown(part)) return [];
    return [{ text: part, spellings: [part, escaped(part), ...inBase64(utf8)], utf8 }];
  });
}

/** All that can be read off a stanza: its XML, and the bytes of everything in it that is base64. */
export interface Readable {
  readonly xml: string;
  readonly decoded: readonly Buffer[];
}

export function readableOf(stanza: Element): Readable {
  return { xml: stanza.toString(), decoded: decodedTexts(stanza) };
}

/** Whether the text stands there: as it is, escaped, in base64, or within what is itself base64. */
export function holds({ xml, decoded }: Readable, { spellings, utf8 }: Needle): boolean {
  return spellings.some((spelling) => xml.includes(spelling)) || decoded.some((bytes) => bytes.includes(utf8));
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Base64 of the bytes wherever they begin among others: the groups of three that are theirs alone. */
function inBase64(utf8: Uint8Array): string[] {
  return [0, 1, 2].map((start) => {
    const groups = Math.floor((utf8.length - start) / 3);
    return encodeBase64(utf8.subarray(start, start + groups * 3));
  });
}

/** Everything below that is base64, decoded. */
function decodedTexts(element: Element): Buffer[] {
  const own = element.getText().trim();
  const decoded = own === '' || !/^[A-Za-z0-9+/=\s]+$/.test(own) ? [] : [Buffer.from(own, 'base64')];
  return [...decoded, ...element.getChildElements().flatMap(decodedTexts)];
}
