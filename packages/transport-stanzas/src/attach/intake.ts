import type { Omemo, ReceiveResult } from '@omemo-kit/omemo-core';
import { NS_OMEMO } from '@omemo-kit/omemo-wire';
import type { Element } from 'ltx';
import type { Deliveries } from './deliveries.ts';
import type { AttachedListeners } from './events.ts';

/** Stanzas of an archive that are taken in together. The application gets the first of them before a whole page is read. */
const TOGETHER = 32;

/** Hands stanzas to Omemo and tells the application what they were. */
export class Intake {
  readonly #omemo: Omemo;
  readonly #listeners: AttachedListeners;
  readonly #deliveries: Deliveries;

  constructor(omemo: Omemo, listeners: AttachedListeners, deliveries: Deliveries) {
    this.#omemo = omemo;
    this.#listeners = listeners;
    this.#deliveries = deliveries;
  }

  /** A stanza of the stream. What it could not take in is told, and read again from the archive. */
  async live(stanza: Element, delivery: 'live' | 'catch-up'): Promise<'taken' | 'failed'> {
    try {
      await this.#tell(await this.#omemo.receive(stanza, { delivery }), stanza, delivery);
      return 'taken';
    } catch (cause) {
      this.#listeners.trouble('receive', cause);
      return 'failed';
    }
  }

  /**
   * Stanzas of an archive. Rejects when one could not be taken in: a full inbox, a store that fails. The archive is read no further
   * then, and from its page again.
   *
   * @returns how many cannot be read.
   */
  async archived(stanzas: readonly Element[]): Promise<number> {
    let unreadable = 0;
    for (let first = 0; first < stanzas.length; first += TOGETHER) {
      const together = stanzas.slice(first, first + TOGETHER);
      const outcomes = await this.#omemo.receiveAll(together, { delivery: 'catch-up' });
      for (const [index, outcome] of outcomes.entries()) {
        // What was read of those after it waits in the inbox.
        if (outcome.status === 'rejected') throw outcome.reason;
        if ((await this.#tell(outcome.value, together[index] as Element, 'catch-up')) === 'unreadable') unreadable += 1;
      }
    }
    return unreadable;
  }

  /** An IQ of type get or set: encrypted ones are read and answered here, or refused. */
  async request(iq: Element): Promise<'answered' | undefined> {
    if (iq.getChild('encrypted', NS_OMEMO) === undefined) return undefined;
    const result = await this.#omemo.receive(iq);
    if (result.type === 'ignored') return undefined;
    if (result.type === 'request' && this.#listeners.has('request')) {
      // Whoever asked waits for the listener, nobody else does.
      void this.#ownBusiness(this.#listeners.tell('request', result));
    } else {
      const facts = 'stanza' in result ? result.stanza : undefined;
      await this.#omemo.iq.refuse({ stanza: facts }).catch((cause) => this.#listeners.trouble('receive', cause));
      if (result.type !== 'request') await this.#tell(result, iq, 'live');
    }
    return 'answered';
  }

  async #tell(
    result: ReceiveResult,
    stanza: Element,
    delivery: 'live' | 'catch-up',
  ): Promise<'unreadable' | undefined> {
    switch (result.type) {
      case 'message':
      case 'rejected':
        this.#deliveries.offer(result);
        return;
      case 'duplicate':
        // Read before and not stored by the application: a crash came between.
        if (result.unacknowledged !== undefined) this.#deliveries.offer(result.unacknowledged);
        return;
      case 'failed':
      case 'not-for-this-device':
      case 'sender-unknown':
      case 'invalid':
        await this.#ownBusiness(this.#listeners.tell('failed', { result, stanza }));
        return 'unreadable';
      case 'bounced':
        await this.#ownBusiness(this.#listeners.tell('bounced', result));
        return;
      case 'ignored':
        await this.#ownBusiness(this.#listeners.tell('other', { stanza, delivery }));
        return;
      default:
    }
  }

  /** What such a listener throws changes nothing of what was read. */
  async #ownBusiness(told: Promise<void>): Promise<void> {
    await told.catch((cause: unknown) => this.#listeners.trouble('deliver', cause));
  }
}
