import {
  bareJid,
  decodeAuthenticatedMessage,
  decodeBase64,
  decodeKeyContent,
  decodeOmemoMessage,
  NS_OMEMO,
} from '@omemo-kit/omemo-wire';
import type { Element } from 'ltx';

/** One `<key>` as everybody on the network can read it. */
export interface EmittedKey {
  /** Bare JID of the account that sent it, `sid` the device. */
  readonly from: string;
  readonly sid: number;
  /** Whom it is for. */
  readonly to: string;
  readonly rid: number;
  /** An OMEMOKeyExchange, by its bytes. */
  readonly keyExchange: boolean;
  /** `ek` of a key exchange, in hex. */
  readonly ephemeralKey: string | undefined;
  /** The ratchet key in hex, and `n`. */
  readonly ratchetKey: string;
  readonly messageNumber: number;
  /** The OMEMOAuthenticatedMessage, in hex. */
  readonly authenticated: string;
  /** The message has a payload. */
  readonly content: boolean;
}

/**
 * The oracle of S27: remembers every key that anybody emitted. A ratchet key and number seen before must come with the
 * very same bytes, for then it is a resend; anything else is a message key used twice.
 */
export class SpentKeys {
  readonly emitted: EmittedKey[] = [];
  readonly violations: string[] = [];
  readonly #spent = new Map<string, string>();

  note(from: string, encrypted: Element): void {
    for (const key of keysIn(from, encrypted)) {
      const place = `${key.ratchetKey} ${key.messageNumber}`;
      const before = this.#spent.get(place);
      if (before === key.authenticated) continue;
      if (before !== undefined) this.violations.push(`${from}/${key.sid} used message key ${place} twice`);
      this.#spent.set(place, key.authenticated);
      this.emitted.push(key);
    }
  }

  get size(): number {
    return this.#spent.size;
  }
}

/** All keys in an `<encrypted/>` element. */
function keysIn(from: string, encrypted: Element): EmittedKey[] {
  const header = encrypted.getChild('header', NS_OMEMO);
  const sid = Number(header?.attrs['sid']);
  const content = encrypted.getChild('payload', NS_OMEMO) !== undefined;
  return (header?.getChildren('keys', NS_OMEMO) ?? []).flatMap((keys) =>
    keys.getChildren('key', NS_OMEMO).map((key) => {
      const decoded = decodeKeyContent(decodeBase64(key.text()));
      const { n, dhPub } = decodeOmemoMessage(decodeAuthenticatedMessage(decoded.message).message);
      return {
        from,
        sid,
        to: bareJid(String(keys.attrs['jid'])),
        rid: Number(key.attrs['rid']),
        keyExchange: decoded.type === 'key-exchange',
        ephemeralKey: decoded.type === 'key-exchange' ? hex(decoded.ek) : undefined,
        ratchetKey: hex(dhPub),
        messageNumber: n,
        authenticated: hex(decoded.message),
        content,
      };
    }),
  );
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
