import { endSilentCatchUp } from '../account/catch-up.ts';
import { ownIdentity } from '../account/identity.ts';
import { renewSignedPreKeys } from '../account/rotate.ts';
import type { AccountContext } from '../context.ts';
import { type FlushOptions, flushOutbox } from '../delivery/outbox.ts';
import { refreshDeviceLists } from '../devices/device-lists.ts';
import { isOmemoError } from '../errors.ts';
import { compareOnce } from '../rollback/compare.ts';
import { refreshStaleRooms } from '../rooms/refresh-stale.ts';
import { announce, needsAnnouncing } from './announce.ts';
import { answerKeyExchanges } from './answer.ts';
import { claimDeviceId } from './claim-device-id.ts';
import { failedOnTheWay } from './failed-on-the-way.ts';
import { owedNow } from './owed.ts';
import { publishBundle } from './publish-bundle.ts';
import { assertMayTry } from './refusals.ts';
import { repairNodes } from './repair-nodes.ts';
import type { SettleFailure } from './settle-failure.ts';
import { owesWithdrawal, standingAfterPublishing, withdraw } from './withdraw.ts';

export interface Settled {
  readonly failures: readonly SettleFailure[];
  /** When there is next something to do that no stanza will tell of, in milliseconds since 1970. */
  readonly nextDueAt: number | undefined;
}

/**
 * Pays every debt that waits in the store: publishes the bundle, then the device list (X05: no peer is to see a device
 * without a bundle), fetches lists that went stale, answers key exchanges and sends what is left in the outbox. One
 * failure does not keep the others from being paid. While an archive is read, by whichever process on this store, bundle
 * and answers wait for its end (XEP-0384 section 6, X46).
 */
export async function settle(context: AccountContext, { own, signal }: FlushOptions): Promise<Settled> {
  const failures: SettleFailure[] = [];
  const attempt = async (debt: SettleFailure['debt'], pay: () => Promise<unknown>) => {
    try {
      await pay();
      return true;
    } catch (cause) {
      failures.push({ debt, cause });
      return false;
    }
  };
  const withdrawal = async () => {
    // With a new connection it is tried at once, as when its user asks for it.
    if (own === 'wait') await assertMayTry(context, 'refusedWithdrawal', signal);
    await withdraw(context, signal);
  };
  // Refuses an old copy of the store before anything goes out.
  const { announcedAt, standing } = await context.transact((unit) => ownIdentity(context, unit), signal);
  if (standing !== 'active') {
    const owed = await owesWithdrawal(context, { own, signal });
    if (owed) await attempt('withdrawal', withdrawal);
    return { failures, nextDueAt: delayedUntil(failures) };
  }
  // Before `start`, a bundle published over a newer one would be the end of the witness, and an answer may use a key again.
  if (own === 'wait' && announcedAt !== undefined) {
    const compared = await attempt('bundle', () => compareOnce(context, signal));
    if (!compared) {
      await context.transact((unit) => ownIdentity(context, unit), signal);
      return { failures, nextDueAt: undefined };
    }
  }
  const dueAt: (number | undefined)[] = [];
  const { paidAt: catchUpEndsAt, dueAt: catchUpDueAt } = await endSilentCatchUp(context, signal);
  dueAt.push(catchUpDueAt, await renewSignedPreKeys(context, signal));
  // Before `start` the device is nobody's business but ours.
  if (own === 'take-over' || announcedAt !== undefined) {
    // What was found of the nodes over an earlier connection need not hold any more.
    if (own === 'take-over') context.preparedNodes.clear();
    const published = await attempt('bundle', async () => {
      await claimDeviceId(context, signal);
      if (catchUpEndsAt !== undefined && own === 'wait') return;
      // With a new connection, it may be another server state than the last one saw.
      const look = own === 'wait' ? 'at-mark' : catchUpEndsAt === undefined ? 'at-server' : 'if-absent';
      dueAt.push(await publishBundle(context, look, signal));
    });
    // What is there now is what this store has.
    if (published) context.witness.asked = true;
    if (published && (await needsAnnouncing(context))) {
      await attempt('device-list', () => announce(context, signal));
    }
    dueAt.push(delayedUntil(failures));
    if (own === 'take-over') {
      await attempt('bundle', () => repairNodes(context, new Set(context.preparedNodes.keys()), signal));
    }
    if ((await standingAfterPublishing(context, signal)) === 'withdrawing') {
      await attempt('withdrawal', withdrawal);
      // What was not published any more for that reason did not fail.
      return { failures: failures.filter(({ cause }) => !isOmemoError(cause, 'deactivated')), nextDueAt: undefined };
    }
  }
  const { answers, refreshes } = await owedNow(context, signal);
  const refreshed = await refreshDeviceLists(context, refreshes, { force: 'stale-only', signal });
  for (const [, cause] of refreshed.failures) failures.push({ debt: 'refresh', cause });
  await forgiveRefreshes(context, refreshed.failures, signal);
  const answering = catchUpEndsAt === undefined ? answers : [];
  for (const { cause } of await answerKeyExchanges(context, answering, signal))
    failures.push({ debt: 'answer', cause });
  for (const cause of await refreshStaleRooms(context, signal)) failures.push({ debt: 'room', cause });
  await attempt('outbox', async () => {
    dueAt.push((await flushOutbox(context, { own, signal })).nextClaimEnds);
  });
  const times = dueAt.filter((time) => time !== undefined);
  return { failures, nextDueAt: times.length === 0 ? undefined : Math.min(...times) };
}

/** A list that its server does not give stays stale, and is asked for again when it is needed. */
async function forgiveRefreshes(
  context: AccountContext,
  refused: ReadonlyMap<string, unknown>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const jids = [...refused].flatMap(([jid, cause]) => (failedOnTheWay(cause) ? [] : [jid]));
  if (jids.length === 0) return;
  await context.transact(async (unit) => {
    for (const jid of jids) unit.remove(context.keys.refreshDebt(jid));
  }, signal);
}

/** When what was tried too often is tried again: a device that others take off the list, what the server refuses (S53). */
function delayedUntil(failures: readonly SettleFailure[]): number | undefined {
  for (const { cause } of failures) {
    if (isOmemoError(cause, 'announcement-delayed') || isOmemoError(cause, 'publication-delayed')) {
      return cause.details.until;
    }
  }
  return undefined;
}
