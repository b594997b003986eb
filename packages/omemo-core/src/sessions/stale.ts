import type { Limits } from '../limits.ts';
import type { SessionSet } from './session.ts';

/**
 * Whether so many messages went to a device without any from it that it gets none any more (X50): the specification has no such
 * rule, and a device that is gone stays listed for ever. Whatever is read of it ends that; and one that still reads sends a
 * heartbeat long before (XEP-0384 section 6).
 */
export function isStale(set: SessionSet | undefined, { staleAfter }: Pick<Limits, 'staleAfter'>): boolean {
  return set !== undefined && set.unanswered > staleAfter;
}
