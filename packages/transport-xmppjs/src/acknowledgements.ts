import type { Element } from 'ltx';
import type { StreamManagement } from './client.ts';

interface Sent {
  readonly id: string;
  resolve: ((outcome: 'accepted' | 'handed-over') => void) | undefined;
}

/** Knows which stanzas the server has acknowledged (XEP-0198), and when nobody can tell any more. */
export class Acknowledgements {
  readonly #management: StreamManagement;
  readonly #sent = new Map<unknown, Sent>();
  readonly #late = new Set<(id: string) => unknown>();

  constructor(management: StreamManagement) {
    this.#management = management;
    management.on('ack', (stanza: unknown) => this.#acknowledged(stanza));
    // The session was not resumed: the outbox has it still, and sends it again in the next one.
    management.on('fail', (stanza: unknown) => this.#forget(stanza));
  }

  /** Whether the server will acknowledge it: it does not what was sent before stream management was enabled. */
  isTracked(stanza: Element): boolean {
    return this.#management.outbound_q.some((waiting) => waiting.stanza === stanza);
  }

  /** Tells what became of a stanza that is tracked; after that `onLate` does. The function returned ends the first. */
  await(stanza: Element, id: string, resolve: (outcome: 'accepted' | 'handed-over') => void): () => void {
    const sent: Sent = { id, resolve };
    this.#sent.set(stanza, sent);
    return () => {
      sent.resolve = undefined;
    };
  }

  /** The connection is gone. What was under way may be acknowledged when the session is resumed. */
  interrupted(): void {
    for (const sent of this.#sent.values()) sent.resolve?.('handed-over');
  }

  onLate(listener: (id: string) => unknown): () => void {
    this.#late.add(listener);
    return () => void this.#late.delete(listener);
  }

  #acknowledged(stanza: unknown): void {
    const sent = this.#sent.get(stanza);
    this.#sent.delete(stanza);
    if (sent?.resolve !== undefined) sent.resolve('accepted');
    else if (sent !== undefined && sent.id !== '') for (const listener of [...this.#late]) listener(sent.id);
  }

  #forget(stanza: unknown): void {
    this.#sent.get(stanza)?.resolve?.('handed-over');
    this.#sent.delete(stanza);
  }
}
