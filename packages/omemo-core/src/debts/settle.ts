import { ownIdentity } from '../account/identity.ts';
import type { AccountContext } from '../context.ts';
import { type Flushed, type FlushOptions, flushOutbox } from '../delivery/outbox.ts';
import { refreshDeviceLists } from '../devices/device-lists.ts';
import { deviceListRecord } from '../records/device-list.ts';
import { compareOnce } from '../rollback/compare.ts';
import { refreshStaleRooms } from '../rooms/refresh-stale.ts';
import { announce } from './announce.ts';
import { answerKeyExchanges } from './answer.ts';
import { claimDeviceId } from './claim-device-id.ts';
import { owedNow } from './owed.ts';
import { publishBundle } from './publish-bundle.ts';
import type { SettleFailure } from './settle-failure.ts';

export interface Settled extends Pick<Flushed, 'nextClaimEnds'> {
  readonly failures: readonly SettleFailure[];
}

/**
 * Pays every debt that waits in the store: publishes the bundle, then the device list (X05: no peer is to see a device
 * without a bundle), fetches lists that went stale, answers key exchanges and sends what is left in the outbox. One
 * failure does not keep the others from being paid.
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
  // Refuses an old copy of the store before anything goes out.
  const { announcedAt } = await context.transact((unit) => ownIdentity(context, unit), signal);
  // Before `start`, a bundle published over a newer one would be the end of the witness, and an answer may use a key again.
  if (own === 'wait' && announcedAt !== undefined) {
    const compared = await attempt('bundle', () => compareOnce(context, signal));
    if (!compared) {
      await context.transact((unit) => ownIdentity(context, unit), signal);
      return { failures, nextClaimEnds: undefined };
    }
  }
  // Before `start` the device is nobody's business but ours.
  if (own === 'take-over' || announcedAt !== undefined) {
    const published = await attempt('bundle', async () => {
      await claimDeviceId(context, signal);
      // With a new connection, it may be another server state than the last one saw.
      await publishBundle(context, own === 'take-over' ? 'at-server' : 'at-mark', signal);
    });
    // What is there now is what this store has.
    if (published) context.witness.asked = true;
    if (published && (await needsAnnouncing(context))) await attempt('device-list', () => announce(context, signal));
  }
  const { answers, refreshes } = await owedNow(context, signal);
  const refreshed = await refreshDeviceLists(context, refreshes, { force: 'stale-only', signal });
  for (const [, cause] of refreshed.failures) failures.push({ debt: 'refresh', cause });
  for (const { cause } of await answerKeyExchanges(context, answers, signal)) failures.push({ debt: 'answer', cause });
  for (const cause of await refreshStaleRooms(context, signal)) failures.push({ debt: 'room', cause });
  let nextClaimEnds: number | undefined;
  await attempt('outbox', async () => {
    ({ nextClaimEnds } = await flushOutbox(context, { own, signal }));
  });
  return { failures, nextClaimEnds };
}

/** Not on the own list as it is cached: never announced, or removed by somebody (XEP-0384 5.3.1); or under an old id. */
async function needsAnnouncing(context: AccountContext): Promise<boolean> {
  return context.transact(async (unit) => {
    const { deviceId, formerDeviceIds } = await ownIdentity(context, unit);
    if (formerDeviceIds.length > 0) return true;
    const list = await unit.get(deviceListRecord, context.keys.deviceList(context.jid));
    return list === undefined || list.stale || !list.devices.some(({ id }) => id === deviceId);
  });
}
