import { decodeAuthenticatedMessage, decodeBase64, decodeKeyContent, decodeOmemoMessage } from '@omemo-kit/omemo-wire';
import type { Element } from 'ltx';

const NS_OMEMO = 'urn:xmpp:omemo:2';

interface Use {
  /** Id of the stanza: the same stanza may be sent again, as it was. */
  readonly stanza: string;
  readonly content: string;
}

/**
 * Watches everything that our devices send. A message key is named by the sender's ratchet key and a number (XEP-0384
 * 4.3): no such pair may ever be used for two messages, whatever was lost, restarted or replaced in between.
 *
 * It does not throw: who sends takes an exception for a connection that is gone.
 */
export class KeyLedger {
  /** Pairs that were used again, and where. */
  readonly repeated: string[] = [];
  readonly #uses = new Map<string, Use>();

  /** Pairs seen. */
  get size(): number {
    return this.#uses.size;
  }

  note(stanza: Element): void {
    const header = stanza.getChild('encrypted', NS_OMEMO)?.getChild('header');
    for (const keys of header?.getChildren('keys') ?? []) {
      for (const key of keys.getChildren('key')) this.#noteKey(key.text(), String(stanza.attrs['id']));
    }
  }

  #noteKey(content: string, stanza: string): void {
    const { message } = decodeKeyContent(decodeBase64(content));
    const { dhPub, n } = decodeOmemoMessage(decodeAuthenticatedMessage(message).message);
    const pair = `${Buffer.from(dhPub).toString('hex')} ${n}`;
    const before = this.#uses.get(pair);
    if (before !== undefined && (before.stanza !== stanza || before.content !== content)) {
      this.repeated.push(`${pair} in ${before.stanza} and in ${stanza}`);
    }
    this.#uses.set(pair, { stanza, content });
  }
}
