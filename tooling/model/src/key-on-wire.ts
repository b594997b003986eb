import {
  bareJid,
  decodeAuthenticatedMessage,
  decodeBase64,
  decodeKeyContent,
  decodeOmemoMessage,
  NS_OMEMO,
} from '@omemo-kit/omemo-wire';
import { hex } from '@omemo-kit/scenarios/spent-keys';
import { encryptedIn } from '@omemo-kit/scenarios/stanzas';
import type { Element } from 'ltx';

/** One `<key>`, as everybody on the way can read it. */
export interface KeyOnWire {
  readonly to: string;
  readonly rid: number;
  readonly exchange: { readonly ek: string; readonly preKeyId: number; readonly signedPreKeyId: number } | undefined;
  readonly ratchetKey: string;
  readonly n: number;
  readonly pn: number;
  /** The authenticated bytes: what makes it this message. */
  readonly authenticated: string;
}

/** An `<encrypted/>` element, as everybody on the way can read it. */
export interface MessageOnWire {
  readonly sid: number;
  readonly content: boolean;
  readonly keys: readonly KeyOnWire[];
}

/** What is to be seen of the encrypted message in a stanza or in a carbon copy of one. */
export function messageOnWire(stanza: Element): MessageOnWire | undefined {
  const encrypted = encryptedIn(stanza);
  if (encrypted === undefined) return undefined;
  const header = encrypted.getChild('header', NS_OMEMO);
  const keys = (header?.getChildren('keys', NS_OMEMO) ?? []).flatMap((group) => {
    const to = bareJid(String(group.attrs['jid']));
    return group.getChildren('key', NS_OMEMO).map((key) => keyOnWire(to, key));
  });
  const content = encrypted.getChild('payload', NS_OMEMO) !== undefined;
  return { sid: Number(header?.attrs['sid']), content, keys };
}

function keyOnWire(to: string, key: Element): KeyOnWire {
  const content = decodeKeyContent(decodeBase64(key.text()));
  const { n, pn, dhPub } = decodeOmemoMessage(decodeAuthenticatedMessage(content.message).message);
  const exchange =
    content.type === 'key-exchange'
      ? { ek: hex(content.ek), preKeyId: content.pkId, signedPreKeyId: content.spkId }
      : undefined;
  const rid = Number(key.attrs['rid']);
  return { to, rid, exchange, ratchetKey: hex(dhPub), n, pn, authenticated: hex(content.message) };
}
