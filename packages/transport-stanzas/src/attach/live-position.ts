import type { Omemo } from '@omemo-kit/omemo-core';
import { bareJidOf, unwrapForwarded, WireError } from '@omemo-kit/omemo-wire';
import type { Element } from 'ltx';
import { NS_STANZA_ID } from '../namespaces.ts';
import { attribute } from '../stanzas/element.ts';

/** Messages of the stream after which the position is written: what a crash makes the next catch-up read again. */
const EVERY = 50;

interface Followed {
  readonly jid: string;
  readonly positions: Pick<Omemo['positions'], 'get' | 'set'>;
}

/**
 * Follows how far archives are read by the ids that live messages have there (XEP-0359), so that the next catch-up need not
 * read again what came live. Only for archives that were read to their end in this session, or a gap would be passed over.
 */
export class LivePositions {
  readonly #omemo: Followed;
  readonly #newest = new Map<string, { id: string; unwritten: number }>();

  constructor(omemo: Followed) {
    this.#omemo = omemo;
  }

  /** From now on the archive is followed. */
  follow(archive: string): void {
    this.#newest.set(archive, { id: '', unwritten: 0 });
  }

  /** Nothing is followed any more: a stanza may have been missed. */
  stop(): void {
    this.#newest.clear();
  }

  /** Writes down what is followed. */
  async write(): Promise<void> {
    for (const [archive, newest] of [...this.#newest]) {
      if (newest.unwritten === 0) continue;
      newest.unwritten = 0;
      await this.#write(archive, newest.id);
    }
  }

  /** A live stanza was taken in. */
  async taken(stanza: Element): Promise<void> {
    for (const { archive, id } of this.#idsOf(stanza)) {
      const newest = this.#newest.get(archive);
      if (newest === undefined) continue;
      newest.id = id;
      newest.unwritten += 1;
      if (newest.unwritten < EVERY) continue;
      newest.unwritten = 0;
      await this.#write(archive, id);
    }
  }

  async #write(archive: string, id: string): Promise<void> {
    const known = await this.#omemo.positions.get(archive);
    // The time stays that of the archive's own clock: reading on from it may repeat messages and cannot miss any.
    if (known !== undefined) await this.#omemo.positions.set(archive, { id, stamp: known.stamp });
  }

  /** Only ids that the archive itself gave: the own account's in a message to it, a room's in one from it (XEP-0359 6). */
  #idsOf(stanza: Element): { archive: string; id: string }[] {
    const message = messageIn(stanza, this.#omemo.jid);
    if (message === undefined) return [];
    const from = attribute(message, 'from');
    const isRoom = attribute(message, 'type') === 'groupchat' && from !== undefined;
    const archive = isRoom ? bareJidOf(from) : this.#omemo.jid;
    const ids = message.getChildren('stanza-id', NS_STANZA_ID).filter((child) => attribute(child, 'by') === archive);
    const id = attribute(ids[0], 'id') ?? '';
    return ids.length === 1 && id !== '' ? [{ archive, id }] : [];
  }
}

function messageIn(stanza: Element, jid: string): Element | undefined {
  if (!stanza.is('message')) return undefined;
  try {
    const unwrapped = unwrapForwarded({ stanza, ownBareJid: bareJidOf(jid) });
    return unwrapped.kind === 'archived' ? undefined : unwrapped.message;
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}
