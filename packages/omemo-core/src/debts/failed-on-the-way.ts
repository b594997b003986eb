import { TransportError } from '../ports/transport.ts';

/** How a connection that is gone, or slow, makes requests fail; everything else is an answer. */
const ON_THE_WAY: ReadonlySet<string> = new Set(['timeout', 'disconnected', 'aborted']);

/**
 * Whether to ask again with the next upkeep: our own connection was in the way. What another server refuses, and a server that is
 * gone, would be asked for with every message from then on, of as many accounts as somebody cares to make up (S30).
 */
export function failedOnTheWay(cause: unknown): boolean {
  return cause instanceof TransportError && ON_THE_WAY.has(cause.condition);
}
