import { assertElement, assertGiven } from '../arguments.ts';
import type { FacadePart } from '../facade-part.ts';
import type { Arrival } from '../messages/results.ts';
import { answerIq, type OutgoingAnswer, refuseIq } from './answer-iq.ts';
import type { ReadRequest } from './receive-iq.ts';
import { type IqAnswer, type OutgoingRequest, requestIq } from './request-iq.ts';

/** Encrypted IQs: asking one resource something, and answering what `receive` read as a `request`. */
export class EncryptedIqs {
  readonly #part: FacadePart;

  /** Made by `Omemo`. */
  constructor(part: FacadePart) {
    this.#part = part;
  }

  /** See {@link requestIq}. */
  async request(request: OutgoingRequest, signal?: AbortSignal): Promise<IqAnswer> {
    this.#part.assertOpen();
    assertGiven(request, 'a request');
    assertElement(request.content);
    try {
      return await requestIq(this.#part.context, request, signal);
    } finally {
      this.#part.settleSoon();
    }
  }

  /** See {@link answerIq}. */
  async answer(request: ReadRequest, answer: OutgoingAnswer = {}, signal?: AbortSignal): Promise<void> {
    this.#part.assertOpen();
    await answerIq(this.#part.context, { request, answer }, signal);
  }

  /** For a result of `receive` that is no `request`, and whose `stanza.type` is `get` or `set`; see {@link refuseIq}. */
  async refuse(unread: Pick<Arrival, 'stanza'>, signal?: AbortSignal): Promise<void> {
    this.#part.assertOpen();
    await refuseIq(this.#part.context, unread, signal);
  }
}
