import type { AccountContext } from '../context.ts';
import { bundleRecord } from '../records/bundle.ts';
import { type CatchUpRecord, catchUpRecord } from '../records/catch-up.ts';
import type { UnitOfWork } from '../storage/unit-of-work.ts';

/** Milliseconds for which the record of a catch-up is not written again. */
const NOTE_INTERVAL = 60_000;

/**
 * Remembers that an archive is being read, so that what its messages made owed is paid at its end and at once: one
 * publication, one empty message a device (XEP-0384 section 6, X46). It is in the store, so that neither a crash nor
 * another process on it publishes in between.
 */
export async function noteCatchUp(context: AccountContext, unit: UnitOfWork): Promise<void> {
  const now = context.now();
  const noted = await unit.get(catchUpRecord, context.keys.catchUp);
  if (noted !== undefined && noted.at <= now && now - noted.at < NOTE_INTERVAL) return;
  unit.put(catchUpRecord, context.keys.catchUp, { at: now });
}

/** Whether an archive is being read, by this or another process. */
export async function isCatchingUp(context: AccountContext, unit: UnitOfWork): Promise<boolean> {
  return isUnderWay(context, await unit.get(catchUpRecord, context.keys.catchUp));
}

/** One that nobody finished is over after a while: its process may be gone for good, and answers are still owed. */
function isUnderWay({ limits, now }: AccountContext, noted: CatchUpRecord | undefined): boolean {
  return noted !== undefined && Math.abs(now() - noted.at) < limits.catchUpSilence;
}

export interface FinishCatchUpOptions {
  /** `keep`: other archives are still being read, whose messages may need them. `delete` by default. */
  readonly usedPreKeys?: 'delete' | 'keep';
}

/**
 * Ends reading an archive: the pre-keys that key exchanges used during it are deleted now (XEP-0384 section 6).
 *
 * @returns how many were deleted.
 */
export async function finishCatchUp(
  context: AccountContext,
  { usedPreKeys = 'delete' }: FinishCatchUpOptions = {},
  signal?: AbortSignal,
): Promise<number> {
  return context.transact(async (unit) => {
    if (usedPreKeys === 'delete') return finish(context, unit);
    if ((await unit.get(catchUpRecord, context.keys.catchUp)) !== undefined) unit.remove(context.keys.catchUp);
    return 0;
  }, signal);
}

/**
 * Ends a catch-up that has been silent for too long.
 *
 * @returns when one that is under way will have been; undefined when there is none.
 */
export async function endSilentCatchUp(context: AccountContext, signal?: AbortSignal): Promise<number | undefined> {
  const { keys, limits } = context;
  return context.transact(async (unit) => {
    const noted = await unit.get(catchUpRecord, keys.catchUp);
    if (noted === undefined) return undefined;
    if (isUnderWay(context, noted)) return noted.at + limits.catchUpSilence;
    await finish(context, unit);
    return undefined;
  }, signal);
}

async function finish({ keys }: AccountContext, unit: UnitOfWork): Promise<number> {
  await unit.load([keys.bundle, keys.catchUp]);
  if ((await unit.get(catchUpRecord, keys.catchUp)) !== undefined) unit.remove(keys.catchUp);
  const bundle = await unit.get(bundleRecord, keys.bundle);
  if (bundle === undefined || bundle.retained.length === 0) return 0;
  for (const { id } of bundle.retained) unit.remove(keys.preKey(id));
  unit.put(bundleRecord, keys.bundle, { ...bundle, retained: [] });
  return bundle.retained.length;
}
