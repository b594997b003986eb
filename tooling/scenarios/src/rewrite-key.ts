import {
  decodeAuthenticatedMessage,
  decodeBase64,
  decodeKeyContent,
  decodeOmemoMessage,
  encodeAuthenticatedMessage,
  encodeBase64,
  encodeKeyExchange,
  encodeOmemoMessage,
  type KeyExchange,
  type OmemoMessage,
} from '@omemo-kit/omemo-wire';
import type { Element } from 'ltx';
import { copyOf, encryptedIn, keyElements, setText } from './stanzas.ts';

/** A copy of a stanza with the content of the first `<key>` for a device replaced. */
export function withKey(stanza: Element, rid: number, rewrite: (content: Uint8Array) => Uint8Array): Element {
  const copy = copyOf(stanza);
  const [key] = keyElements(encryptedIn(copy)!, rid);
  setText(key, encodeBase64(rewrite(decodeBase64(key!.text()))));
  return copy;
}

/** With fields of its key exchange replaced. */
export function withKeyExchange(stanza: Element, rid: number, change: Partial<KeyExchange>): Element {
  return withKey(stanza, rid, (content) => {
    const decoded = decodeKeyContent(content);
    if (decoded.type !== 'key-exchange') throw new TypeError('no key exchange');
    return encodeKeyExchange({ ...decoded, ...change });
  });
}

/** With fields of the ratchet message inside replaced, and the tag left as it was. */
export function withRatchetMessage(stanza: Element, rid: number, change: Partial<OmemoMessage>): Element {
  return withKey(stanza, rid, (content) => {
    const decoded = decodeKeyContent(content);
    const { mac, message } = decodeAuthenticatedMessage(decoded.message);
    const inner = encodeOmemoMessage({ ...decodeOmemoMessage(message), ...change });
    const authenticated = encodeAuthenticatedMessage({ mac, message: inner });
    return decoded.type === 'key-exchange' ? encodeKeyExchange({ ...decoded, message: authenticated }) : authenticated;
  });
}

/** The key exchange in a stanza. */
export function keyExchangeIn(stanza: Element, rid: number): KeyExchange {
  const decoded = decodeKeyContent(decodeBase64(keyElements(encryptedIn(stanza)!, rid)[0]!.text()));
  if (decoded.type !== 'key-exchange') throw new TypeError('no key exchange');
  return decoded;
}
