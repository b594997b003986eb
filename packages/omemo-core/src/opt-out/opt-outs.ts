import { serializeOptOut, WireError } from '@omemo-kit/omemo-wire';
import { ownIdentity } from '../account/identity.ts';
import { assertGiven, envelopeArgument, jidArgument } from '../arguments.ts';
import { type Delivery, deliver } from '../delivery/outbox.ts';
import { OmemoError } from '../errors.ts';
import type { FacadePart } from '../facade-part.ts';
import { type Encrypted, encryptPayload } from '../messages/encrypt.ts';
import { messageStanza } from '../messages/stanza.ts';
import { type OptOutRecord, optOutRecord } from '../records/opt-out.ts';
import type { UnitOfWork } from '../storage/unit-of-work.ts';
import { noOptOut, withRequest } from './note-opt-out.ts';
import type { OptOutState } from './opt-out-state.ts';
import { standingOptOut } from './room-standing.ts';
import { optOutState } from './shown-opt-out.ts';

export interface OutgoingOptOut {
  /** Bare JID of the contact. */
  readonly to: string;
  /** Shown to the contact's user. */
  readonly reason?: string;
  /** Stanza id; a random one by default. */
  readonly id?: string;
}

export interface SentOptOut extends Omit<Encrypted, 'stanza'> {
  readonly id: string;
  readonly delivery: Delivery;
}

/**
 * Going on in plain text (XEP-0384 5.7): asking for it, being asked, agreeing, and coming back. All of it is kept in the
 * store. Sessions stay as they are (R99).
 */
export class OptOuts {
  readonly #part: FacadePart;

  /** Made by `Omemo`. */
  constructor(part: FacadePart) {
    this.#part = part;
  }

  /**
   * Tells all devices of a contact, and our other ones, that this account goes on in plain text with that contact (R95, R96).
   * From then on `send` to it is `opted-out`, confirmed, until `resume`.
   *
   * @throws OmemoError as `Omemo.send`; nothing has changed then.
   */
  async send(optOut: OutgoingOptOut, signal?: AbortSignal): Promise<SentOptOut> {
    const { context } = this.#open();
    const { randomness, jid: from } = context;
    assertGiven(optOut, 'whom it goes to');
    const to = jidArgument(optOut.to);
    if (to === from) throw new OmemoError('invalid-argument', 'one does not opt out of notes to oneself');
    const id = optOut.id ?? randomness.messageId();
    const sentAt = context.now();
    const reason = optOut.reason;
    const affixes = { from, to, time: new Date(sentAt), padding: randomness.padding() };
    const plaintext = envelopeArgument({ content: [optOutElement(reason)], ...affixes });
    const key = context.keys.optOut(to);
    let before: OptOutRecord | undefined;
    const also = {
      async commit(unit: UnitOfWork) {
        const { deviceId } = await ownIdentity(context, unit);
        before = await unit.get(optOutRecord, key);
        const request = { from, deviceId, reason, receivedAt: sentAt, sentAt };
        unit.put(optOutRecord, key, { ...withRequest(context, before ?? noOptOut(to), request), confirmed: true });
      },
      async undo(unit: UnitOfWork) {
        await unit.get(optOutRecord, key);
        if (before === undefined) unit.remove(key);
        else unit.put(optOutRecord, key, before);
      },
    };
    const stanza = { id, build: messageStanza({ id, to }) };
    const request = { to: [to], plaintext, stanza, unlessOptedOut: [], also };
    const { stanza: built, ...encrypted } = await encryptPayload(context, request, signal);
    const { delivery } = await deliver(context, { id, stanza: built! }, signal);
    return { ...encrypted, id, delivery };
  }

  /** What holds for a contact or room; undefined where OMEMO is used. To be asked before plain text is sent anywhere. */
  async of(jid: string): Promise<OptOutState | undefined> {
    const { context } = this.#open();
    const bare = jidArgument(jid);
    return context.transact(async (unit) => {
      const record = await unit.get(optOutRecord, context.keys.optOut(bare));
      return record && standingOptOut(context, unit, record);
    });
  }

  /** All conversations that somebody asked plain text for. */
  async list(): Promise<readonly OptOutState[]> {
    const { context } = this.#open();
    return context.transact(async (unit) => {
      const found = await unit.list(optOutRecord, context.keys.optOutPrefix);
      await unit.load(found.map(({ value }) => context.keys.room(value.jid)));
      const states = await Promise.all(found.map(({ value }) => standingOptOut(context, unit, value)));
      return states.filter((state) => state !== undefined);
    });
  }

  /**
   * The user agrees to plain text with a contact or in a room (R98). `send` there goes on to be `opted-out`, now with
   * `confirmed`: writing is the application's own business.
   *
   * @throws OmemoError `not-opted-out` when nobody asks for it any more: then OMEMO it is, and nothing in plain text.
   */
  async confirm(jid: string): Promise<OptOutState> {
    const { context } = this.#open();
    const key = context.keys.optOut(jidArgument(jid));
    return context.transact(async (unit) => {
      const record = await unit.get(optOutRecord, key);
      if (record === undefined || (await standingOptOut(context, unit, record)) === undefined) {
        throw new OmemoError('not-opted-out', 'nobody asks for plain text here any more');
      }
      const confirmed = { ...record, confirmed: true };
      if (!record.confirmed) unit.put(optOutRecord, key, confirmed);
      return optOutState(confirmed);
    });
  }

  /**
   * Back to OMEMO, whoever asked for plain text (R100): the next message is encrypted again, over the sessions there are. To
   * the other side that message is the sign.
   */
  async resume(jid: string): Promise<void> {
    const { context } = this.#open();
    const key = context.keys.optOut(jidArgument(jid));
    await context.transact(async (unit) => {
      if ((await unit.get(optOutRecord, key)) !== undefined) unit.remove(key);
    });
    // What was held back in the outbox can go.
    this.#part.settleSoon();
  }

  #open(): FacadePart {
    this.#part.assertOpen();
    return this.#part;
  }
}

function optOutElement(reason: string | undefined) {
  try {
    return serializeOptOut({ reason });
  } catch (cause) {
    if (cause instanceof WireError) throw new OmemoError('invalid-argument', 'this reason cannot be sent', { cause });
    throw cause;
  }
}
