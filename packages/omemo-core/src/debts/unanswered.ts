import type { TransportError } from '../ports/transport.ts';

const UNANSWERED: readonly string[] = ['timeout', 'disconnected', 'aborted'];

/** There was no answer that another request could change. */
export function isUnanswered({ condition }: TransportError): boolean {
  return UNANSWERED.includes(condition);
}
