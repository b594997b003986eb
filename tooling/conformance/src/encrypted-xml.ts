import { bareJid, encodeBase64, NS_OMEMO, parseXml } from '@omemo-kit/omemo-wire';
import type { Address } from './recorded-device.ts';

/** The type of XML elements that the packages take and give. */
export type XmlElement = ReturnType<typeof parseXml>;

/** An `<encrypted/>` with one key, written by hand: a recording may hold ids that a careful writer refuses. */
export function encryptedFor(
  to: Address,
  message: {
    readonly sid: number;
    readonly kex: boolean;
    readonly key: Uint8Array;
    readonly payload: Uint8Array | undefined;
  },
): XmlElement {
  const kex = message.kex ? ' kex="true"' : '';
  const key = `<key rid="${to.deviceId}"${kex}>${encodeBase64(message.key)}</key>`;
  const payload = message.payload === undefined ? '' : `<payload>${encodeBase64(message.payload)}</payload>`;
  const header = `<header sid="${message.sid}"><keys jid="${escaped(to.jid)}">${key}</keys></header>`;
  return parseXml(`<encrypted xmlns="${NS_OMEMO}">${header}${payload}</encrypted>`);
}

/** Whom a `<key>` is for, and whether it says to be a key exchange. */
export interface KeyAddress extends Address {
  readonly kex: boolean;
}

/** The keys of an `<encrypted/>`, for whichever devices. */
export function keysOf(encrypted: XmlElement): KeyAddress[] {
  const groups = encrypted.getChild('header')?.getChildren('keys') ?? [];
  return groups.flatMap((group) =>
    group.getChildren('key').map((key) => ({
      jid: bareJid(String(group.attrs['jid'])),
      deviceId: Number(key.attrs['rid']),
      kex: key.attrs['kex'] !== undefined,
    })),
  );
}

/**
 * One text for all ways to write the same `<encrypted/>`: attributes sorted, and the groups and keys of its header too,
 * since a recipient looks for its own.
 */
export function canonicalXml(element: XmlElement): string {
  const attributes = Object.entries(element.attrs as Record<string, unknown>)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => ` ${name}="${escaped(String(value))}"`)
    .sort();
  const children = element.children.map((child) => (typeof child === 'string' ? escaped(child) : canonicalXml(child)));
  if (element.name === 'header' || element.name === 'keys') children.sort();
  return `<${element.name}${attributes.join('')}>${children.join('')}</${element.name}>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
