import type {
  Bounced,
  FailedMessage,
  InvalidStanza,
  NotForThisDevice,
  ReadMessage,
  ReadRequest,
  RejectedMessage,
  SenderUnknown,
} from '@omemo-kit/omemo-core';
import type { Element } from 'ltx';
import type { ReadResult } from '../archive/read-archive.ts';

/** What an attached Omemo tells the application. */
export interface AttachedEvents {
  /**
   * A message, in the order they were read. It leaves the inbox when the promises of all listeners resolved: resolve
   * once it is stored or shown. If one rejects, or the process ends before, it comes again under the same id.
   */
  message: ReadMessage | RejectedMessage;
  /** A message that this device could not read: say so in its place (XEP-0384 section 6). */
  failed: { readonly result: Unreadable; readonly stanza: Element };
  /** An encrypted IQ: answer it with `omemo.iq.answer`. Without a listener such requests are refused. */
  request: ReadRequest;
  /** A message came back: `omemo.resend` or `omemo.discard` it, if it waits. */
  bounced: Bounced;
  /** A stanza without OMEMO, as it came: live, or from an archive, in its `<result/>`. */
  other: { readonly stanza: Element; readonly delivery: 'live' | 'catch-up' };
  /** An archive was read on to its end, or to a limit: then `complete` is false, and the next session goes on there. */
  'caught-up': ReadResult & {
    /** Bare JID of the account or of a room. */
    readonly archive: string;
    /** Messages among them that this device could not read: `failed` told of each. */
    readonly unreadable: number;
  };
  /**
   * All that a new session needs is done: announced, the account's archive read, back in the rooms. Archives of rooms may still
   * be read: `caught-up` tells of each.
   */
  ready: { readonly session: 'new' | 'resumed' };
  /** A step of the life cycle failed. It is tried again with the next session; nothing is lost by it. */
  trouble: Trouble;
}

/** Why there is nothing to show of a message. */
export type Unreadable = FailedMessage | NotForThisDevice | SenderUnknown | InvalidStanza;

export interface Trouble {
  readonly step: Step;
  /** A TransportError, an OmemoError, or what a listener of the application threw. */
  readonly cause: unknown;
  /** The room or archive it was about. */
  readonly jid?: string;
}

export type Step =
  | 'carbons'
  | 'presence'
  | 'announcement'
  | 'catch-up'
  | 'room'
  | 'receive'
  | 'deliver'
  | 'acknowledge';

type Listener<T> = (event: T) => unknown;

/** Listeners by event name, which may return promises. */
export class AttachedListeners {
  readonly #listeners = new Map<keyof AttachedEvents, Set<Listener<never>>>();

  on<Name extends keyof AttachedEvents>(name: Name, listener: Listener<AttachedEvents[Name]>): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners);
    // A wrapper of its own, so that a function that listens twice is two listeners.
    const own: Listener<AttachedEvents[Name]> = (event) => listener(event);
    listeners.add(own as Listener<never>);
    return () => void listeners.delete(own as Listener<never>);
  }

  has(name: keyof AttachedEvents): boolean {
    return (this.#listeners.get(name)?.size ?? 0) > 0;
  }

  /** Resolves when all listeners are through; rejects with what the first of them threw. */
  async tell<Name extends keyof AttachedEvents>(name: Name, event: AttachedEvents[Name]): Promise<void> {
    const listeners = [...(this.#listeners.get(name) ?? [])] as Listener<AttachedEvents[Name]>[];
    await Promise.all(listeners.map(async (listener) => listener(event)));
  }

  trouble(step: Step, cause: unknown, jid?: string): void {
    // What a listener of trouble throws is the application's own, and there is nobody left to tell.
    void this.tell('trouble', { step, cause, ...(jid === undefined ? {} : { jid }) }).catch(() => undefined);
  }
}
