import { activeIdentity } from '../account/identity.ts';
import type { AccountContext } from '../context.ts';
import { OmemoError } from '../errors.ts';
import { announcementsRecord, noTries } from '../records/announcements.ts';
import { nextTryAt, withTry } from './pauses.ts';

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
    const tries = (await unit.get(announcementsRecord, keys.announcements)) ?? noTries;
    const now = context.now();
    const until = nextTryAt(tries.made, now);
    if (until !== undefined) {
      const message = 'the device was taken off the device list again and again, and is put back later';
      throw new OmemoError('announcement-delayed', message, { details: { until } });
    }
    unit.put(announcementsRecord, keys.announcements, { ...tries, made: withTry(tries.made, now) });
  }, signal);
}
