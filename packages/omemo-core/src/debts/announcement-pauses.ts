import { activeIdentity } from '../account/identity.ts';
import type { AccountContext } from '../context.ts';
import { OmemoError } from '../errors.ts';
import { type AnnouncementsRecord, announcementsRecord } from '../records/announcements.ts';

/** Announcements that need no pause: a few devices that start at the same time overwrite each other's list. */
const AT_ONCE = 3;
/** Milliseconds before the next one; doubled with each. */
const FIRST_PAUSE = 30_000;
const LONGEST_PAUSE = 3_600_000;
/** Milliseconds without an announcement after which all is forgotten. Longer than any pause. */
const CALM_AFTER = 2 * LONGEST_PAUSE;

/** When the next announcement may be made, in milliseconds since 1970; undefined for now. */
function nextAnnouncementAt(made: AnnouncementsRecord | undefined, now: number): number | undefined {
  if (made === undefined || isCalm(made, now)) return undefined;
  const doublings = made.count - AT_ONCE;
  if (doublings < 0) return undefined;
  const at = made.lastAt + Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** doublings);
  return at > now ? at : undefined;
}

/** The record after one more. */
function withAnnouncement(made: AnnouncementsRecord | undefined, now: number): AnnouncementsRecord {
  if (made === undefined || isCalm(made, now)) return { lastAt: now, count: 1 };
  // Beyond this the pause does not grow any more.
  return { lastAt: now, count: Math.min(made.count + 1, 32) };
}

/** Also of a clock that was put back, or the device would wait until it catches up. */
function isCalm({ lastAt }: AnnouncementsRecord, now: number): boolean {
  return now - lastAt >= CALM_AFTER || now < lastAt;
}

/**
 * Takes one announcement off what is allowed. Two devices that take each other off the list must not do so without end (S53):
 * at most four in a minute, then ever longer pauses, up to one an hour, which a restart does not end.
 *
 * @throws OmemoError `announcement-delayed` with the time when it may be made; `deactivated`.
 */
export async function spendAnnouncement(context: AccountContext, signal?: AbortSignal): Promise<void> {
  const { keys } = context;
  await context.transact(async (unit) => {
    // Asked right before the list is published: the user may have deactivated the device while it was fetched (R119).
    await activeIdentity(context, unit);
    const made = await unit.get(announcementsRecord, keys.announcements);
    const now = context.now();
    const until = nextAnnouncementAt(made, now);
    if (until !== undefined) {
      const message = 'the device was taken off the device list again and again, and is put back later';
      throw new OmemoError('announcement-delayed', message, { details: { until } });
    }
    unit.put(announcementsRecord, keys.announcements, withAnnouncement(made, now));
  }, signal);
}
