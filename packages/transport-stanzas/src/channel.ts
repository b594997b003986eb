import type { Element } from 'ltx';

/**
 * What an XMPP library must be able to do. An adapter fills this in some 40 lines; everything above it is the same for
 * every library. Elements are those of ltx: where a library has its own, the adapter converts at this border.
 */
export interface StanzaChannel {
  /** Full JID of the bound resource, of the newest session. Before the first session the account's bare JID will do. */
  readonly jid: string;

  /** Whether stanzas can be sent now: a resource is bound and the connection is up. */
  readonly online: boolean;

  /**
   * Sends an IQ of type get or set under an id that the adapter gives it, and resolves to the answer of type result, which
   * came from whom was asked (RFC 6120 8.1.2.1). Rejects with TransportError: the condition of the error that was answered
   * (see `transportErrorOf`), or `timeout`, `disconnected`, `aborted`.
   */
  request(iq: Element, signal?: AbortSignal): Promise<Element>;

  /**
   * Sends a stanza. `accepted`: the server has acknowledged it (XEP-0198). `handed-over`: the connection took it, and
   * nobody can say more, or not yet. Rejects with TransportError, with `disconnected` when there is no connection.
   */
  send(stanza: Element, signal?: AbortSignal): Promise<'accepted' | 'handed-over'>;

  /** Hands over every message and presence, in the order they come. The function returned ends that. */
  onStanza(listener: (stanza: Element) => unknown): () => void;

  /**
   * Asks the listener for the answer to each IQ of type get or set that comes in: a whole `<iq/>` to send, `answered` when
   * the listener sends it by itself, or undefined when somebody else is to answer.
   */
  onRequest(listener: RequestListener): () => void;

  /**
   * Tells of every session: `new` when a resource was bound, `resumed` when an earlier session goes on and the server
   * delivers what was under way (XEP-0198 5).
   */
  onOnline(listener: (session: 'new' | 'resumed') => unknown): () => void;

  /** Tells when the connection is gone, for a while or for good. */
  onOffline(listener: () => unknown): () => void;

  /** Tells the ids of stanzas acknowledged after `send` had resolved to `handed-over`, for libraries that know. */
  onAccepted?(listener: (id: string) => unknown): () => void;
}

/** The answer to an IQ, that it is given elsewhere, or that the IQ is not this listener's business. */
export type RequestAnswer = Element | 'answered' | undefined;
export type RequestListener = (iq: Element) => Promise<RequestAnswer> | RequestAnswer;
