import type { LogEntry } from '@omemo-kit/loopback';
import { decodeBase64, decodeKeyContent, NS_OMEMO } from '@omemo-kit/omemo-wire';
import { placeOf } from './message-gaps.ts';

/** A message as the server sees it. Nothing in here is secret to the server, and there is nothing more to see. */
export interface StanzaView {
  readonly id: string;
  /** Full JID. */
  readonly from: string;
  /** Bare JID. */
  readonly to: string;
  /** Length of its XML. */
  readonly bytes: number;
  readonly keys: readonly KeyView[];
  readonly payload: { readonly bytes: number; readonly base64: string } | undefined;
}

/** One `<key>`: for which device, how long, whether it opens a session, and its number in the chain. */
export interface KeyView {
  readonly jid: string;
  readonly deviceId: number;
  readonly bytes: number;
  readonly content: 'key-exchange' | 'message';
  readonly number: number;
}

/** Bytes of the XML of a stanza. */
export function sizeOf({ stanza }: LogEntry): number {
  return new TextEncoder().encode(stanza.toString()).length;
}

export function stanzaView(entry: LogEntry): StanzaView {
  const { stanza, jid } = entry;
  const encrypted = stanza.getChild('encrypted', NS_OMEMO);
  const payload = encrypted?.getChildText('payload') ?? undefined;
  const groups = encrypted?.getChild('header')?.getChildren('keys') ?? [];
  return {
    id: String(stanza.attrs['id'] ?? ''),
    from: jid,
    to: String(stanza.attrs['to'] ?? ''),
    bytes: sizeOf(entry),
    keys: groups.flatMap((keys) =>
      keys.getChildren('key').map((key) => {
        const bytes = decodeBase64(key.getText());
        const content =
          decodeKeyContent(bytes).type === 'key-exchange' ? ('key-exchange' as const) : ('message' as const);
        const deviceId = Number(key.attrs['rid']);
        return {
          jid: String(keys.attrs['jid']),
          deviceId,
          bytes: bytes.length,
          content,
          number: placeOf(bytes).number,
        };
      }),
    ),
    payload: payload === undefined ? undefined : { bytes: decodeBase64(payload).length, base64: payload },
  };
}
