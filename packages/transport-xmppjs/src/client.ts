import type { ElementLike } from '@omemo-kit/transport-stanzas';

type Listener = (...values: never[]) => void;

/** What emits events. */
interface Emitter {
  on(event: string, listener: Listener): unknown;
  removeListener(event: string, listener: Listener): unknown;
}

/** What is used of `client()` of `@xmpp/client` 0.14, so that no release of its types is needed to use this package. */
export interface XmppClient extends Emitter {
  readonly jid: { toString(): string } | null;
  readonly status: string;
  send(element: never): Promise<unknown>;
  readonly iqCaller: { request(iq: never, timeout?: number): Promise<ElementLike> };
  readonly middleware: {
    use(middleware: (context: never, next: () => Promise<unknown>) => Promise<unknown>): unknown;
  };
  /** Some of what it does is not in its types: see {@link StreamManagement}. */
  readonly streamManagement: object;
}

/** XEP-0198 in `@xmpp/client` 0.14. */
export interface StreamManagement extends Emitter {
  /** Stanzas sent and not acknowledged, if it is enabled. */
  readonly outbound_q: readonly { readonly stanza: unknown }[];
  /** Stanzas received since it was enabled. */
  inbound?: number;
}
