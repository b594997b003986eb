import type { TriesRecord } from '../records/announcements.ts';

/** Tries that need no pause: a few devices that start at the same time overwrite each other's list. */
const AT_ONCE = 3;
/** Milliseconds before the next one; doubled with each. */
const FIRST_PAUSE = 30_000;
const LONGEST_PAUSE = 3_600_000;
/** Milliseconds without a try after which all is forgotten. Longer than any pause. */
const CALM_AFTER = 2 * LONGEST_PAUSE;

/** When the next try may be made, in milliseconds since 1970; undefined for now. */
export function nextTryAt(made: TriesRecord | undefined, now: number): number | undefined {
  if (made === undefined || isCalm(made, now)) return undefined;
  const doublings = made.count - AT_ONCE;
  if (doublings < 0) return undefined;
  const at = made.lastAt + Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** doublings);
  return at > now ? at : undefined;
}

/** What is kept after one more. */
export function withTry(made: TriesRecord | undefined, now: number): TriesRecord {
  if (made === undefined || isCalm(made, now)) return { lastAt: now, count: 1 };
  // Beyond this the pause does not grow any more.
  return { lastAt: now, count: Math.min(made.count + 1, 32) };
}

/** Also of a clock that was put back, or the device would wait until it catches up. */
function isCalm({ lastAt }: TriesRecord, now: number): boolean {
  return now - lastAt >= CALM_AFTER || now < lastAt;
}
