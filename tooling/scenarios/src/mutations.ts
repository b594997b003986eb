import {
  decodeAuthenticatedMessage,
  decodeBase64,
  decodeKeyContent,
  encodeBase64,
  parseEncrypted,
  type Recipient,
} from '@omemo-kit/omemo-wire';
import type { Element } from 'ltx';
import { hex } from './spent-keys.ts';
import { copyOf, encryptedIn, keyElements, setText } from './stanzas.ts';

/** A copy with one bit flipped. */
export function flipped(bytes: Uint8Array, position: number, bit: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[position]! ^= 1 << bit;
  return copy;
}

/** A text with one bit of one of its UTF-8 bytes flipped, as a connection could deliver it. */
export function flippedText(text: string, position: number, bit: number): string {
  return new TextDecoder().decode(flipped(new TextEncoder().encode(text), position, bit));
}

/** A stanza whose first `<key>` for a device, or whose payload, has other bytes. */
export function withBytes(
  stanza: Element,
  where: { readonly part: 'key' | 'payload'; readonly rid: number },
  change: (bytes: Uint8Array) => Uint8Array,
): Element {
  const copy = copyOf(stanza);
  const encrypted = encryptedIn(copy)!;
  const element = where.part === 'key' ? keyElements(encrypted, where.rid)[0]! : encrypted.getChild('payload')!;
  setText(element, encodeBase64(change(decodeBase64(element.text()))));
  return copy;
}

/**
 * What of a message decides about its meaning: who sent it, its key exchange, and the bytes that are authenticated. Two
 * messages with the same are the same message, however they are written.
 */
export function meaning(stanza: Element, recipient: Recipient): string | undefined {
  try {
    const { sid, key, payload } = parseEncrypted(encryptedIn(stanza)!, recipient);
    if (key === undefined) return undefined;
    const content = decodeKeyContent(key);
    const { mac, message } = decodeAuthenticatedMessage(content.message);
    const exchange =
      content.type === 'key-exchange' ? [content.pkId, content.spkId, hex(content.ik), hex(content.ek)] : [];
    return [sid, ...exchange, hex(mac), hex(message), payload && hex(payload)].join(' ');
  } catch {
    return undefined;
  }
}
