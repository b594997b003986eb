import type { Element } from 'ltx';

/**
 * The Transport port: what an XMPP library must be able to do for OMEMO. Incoming stanzas are handed to
 * `Omemo.receive`, so nothing here listens.
 *
 * Every call rejects with a {@link TransportError}; where the server answered with a stanza error its defined condition
 * is kept, because `item-not-found` and `precondition-not-met` lead to different next steps.
 */
export interface Transport {
  /** Publishes one item on a node of the own account (XEP-0060 7.1), with publish-options where given (7.1.5). */
  publish(request: PublishRequest, signal?: AbortSignal): Promise<void>;

  /** Items of a node of any account (XEP-0060 6.5): those with the given ids, or all. */
  fetch(request: FetchRequest, signal?: AbortSignal): Promise<readonly PubsubItem[]>;

  /** Changes the configuration of a node of the own account (XEP-0060 8.2), keeping its items. */
  configure(request: ConfigureRequest, signal?: AbortSignal): Promise<void>;

  /** Removes one item from a node of the own account (XEP-0060 7.2). */
  retract(request: RetractRequest, signal?: AbortSignal): Promise<void>;

  /**
   * Sends an IQ of type get or set, under an id that the adapter gives it, and resolves to the answer of type result
   * (RFC 6120 8.2.3). For rooms, subscriptions and encrypted IQs.
   */
  request(iq: Element, signal?: AbortSignal): Promise<Element>;

  /**
   * Sends a stanza. Resolves `accepted` once the server is known to have it (a stream-management ack, say) and
   * `handed-over` when the adapter can only say that a connection took it; such a stanza stays in the outbox until
   * `Omemo.sent` is told.
   */
  send(stanza: Element, signal?: AbortSignal): Promise<'accepted' | 'handed-over'>;
}

export interface PubsubItem {
  readonly id: string;
  readonly payload: Element;
}

/** Values of a node configuration form by field name, without FORM_TYPE: `{ 'pubsub#access_model': 'open' }`. */
export type NodeOptions = Readonly<Record<string, string>>;

export interface PublishRequest {
  readonly node: string;
  readonly item: PubsubItem;
  readonly options?: NodeOptions;
}

export interface FetchRequest {
  /** Bare JID of the account that owns the node. */
  readonly jid: string;
  readonly node: string;
  readonly itemIds?: readonly string[];
}

export interface ConfigureRequest {
  readonly node: string;
  readonly options: NodeOptions;
}

export interface RetractRequest {
  readonly node: string;
  readonly itemId: string;
}

/**
 * A failed transport call. `condition` is the defined condition of the stanza error (RFC 6120 8.3.3), or `timeout`,
 * `disconnected` or `aborted` when there was none; `applicationCondition` is the name of the application-specific
 * element, as `precondition-not-met` of XEP-0060.
 */
export class TransportError extends Error {
  override readonly name = 'TransportError';
  readonly condition: string;
  readonly applicationCondition: string | undefined;
  /** The stanza of type error as it came, where there was one: what an encrypted IQ was refused with is in it. */
  readonly answer: Element | undefined;

  constructor(
    condition: string,
    options: ErrorOptions & { message?: string; applicationCondition?: string; answer?: Element } = {},
  ) {
    super(options.message ?? `the server answered ${condition}`, options);
    this.answer = options.answer;
    this.condition = condition;
    this.applicationCondition = options.applicationCondition;
  }
}
