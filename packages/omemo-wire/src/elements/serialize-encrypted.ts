import type { Element } from 'ltx';
import type { BareJid } from '../address/bare-jid.ts';
import { encodeBase64 } from '../base64.ts';
import { writeForeignId, writeOwnId } from '../device-id.ts';
import { NS_OMEMO } from '../namespaces.ts';
import { WireError } from '../wire-error.ts';
import { appendElement, appendText, createElement } from '../xml/element.ts';

/** One `<key/>` to be written. */
export interface AddressedKey {
  readonly jid: BareJid;
  /** The receiving device; a peer's id may be any 0..2^32-1. */
  readonly rid: number;
  /** Whether `content` is an OMEMOKeyExchange. */
  readonly kex: boolean;
  readonly content: Uint8Array;
}

export interface EncryptedMessage {
  /** This device: 1..2^31-1. */
  readonly sid: number;
  readonly keys: readonly AddressedKey[];
  /** Left out of empty messages (XEP-0384 5.5.3). */
  readonly payload?: Uint8Array | undefined;
}

/**
 * Writes an `<encrypted/>` element, one `<keys/>` an account in the order in which accounts first appear. A key exchange
 * gets `kex="true"`, anything else no attribute: deployed clients take `kex="false"` for true (X30). Throws
 * `invalid-id`, `missing-element` without keys and payload, `repeated-element` for two keys for one device, `wrong-length` for an
 * empty key or payload.
 */
export function serializeEncrypted({ sid, keys, payload }: EncryptedMessage): Element {
  const element = createElement('encrypted', { xmlns: NS_OMEMO });
  const header = appendElement(element, 'header', { sid: writeOwnId(sid, 'sid') });
  // The schema wants a key, and in a room with nobody else in it there is no device to write one for.
  if (keys.length === 0 && payload === undefined)
    throw new WireError('missing-element', 'an empty message is for a device', { details: { part: 'key' } });
  const accounts = new Map<BareJid, { element: Element; rids: Set<number> }>();
  for (const { jid, rid, kex, content } of keys) {
    let account = accounts.get(jid);
    if (account === undefined) {
      account = { element: appendElement(header, 'keys', { jid }), rids: new Set() };
      accounts.set(jid, account);
    }
    if (account.rids.has(rid)) {
      throw new WireError('repeated-element', 'there are two keys for one device', {
        details: { in: 'keys', part: 'key' },
      });
    }
    account.rids.add(rid);
    const attributes = { rid: writeForeignId(rid, 'rid'), kex: kex ? 'true' : undefined };
    appendText(account.element, 'key', { text: write('key', content), attributes });
  }
  if (payload !== undefined) appendText(element, 'payload', { text: write('payload', payload) });
  return element;
}

function write(part: string, bytes: Uint8Array): string {
  if (bytes.length > 0) return encodeBase64(bytes);
  throw new WireError('wrong-length', `${part} must not be empty`, { details: { in: 'encrypted', part, actual: 0 } });
}
