import type { AccountContext } from '../context.ts';
import { bundleRecord } from '../records/bundle.ts';
import { sameBytes } from '../records/bytes.ts';
import { type CatchUpReader, type CatchUpRecord, catchUpRecord } from '../records/catch-up.ts';
import type { UnitOfWork } from '../storage/unit-of-work.ts';

/** Milliseconds for which the record of a catch-up is not written again. */
const NOTE_INTERVAL = 60_000;

/**
 * Remembers that this instance reads an archive, so that pre-keys stay while it may need them, and what its messages made owed
 * is paid at its end and at once: one publication, one empty message a device (XEP-0384 section 6, X46). It is in the store,
 * so that neither a crash nor another process on it ends that.
 */
export async function noteCatchUp(context: AccountContext, unit: UnitOfWork, owed: 'owed' | 'nothing'): Promise<void> {
  const now = context.now();
  const isRecent = (at: number | undefined) => at !== undefined && at <= now && now - at < NOTE_INTERVAL;
  const { owedAt, readers } = await recordIn(context, unit);
  const own = readers.find(({ instance }) => sameBytes(instance, context.instance));
  if (isRecent(own?.at) && (owed === 'nothing' || isRecent(owedAt))) return;
  const others = readers.filter((reader) => reader !== own);
  unit.put(catchUpRecord, context.keys.catchUp, {
    owedAt: owed === 'owed' ? now : owedAt,
    readers: [...others, { instance: context.instance, at: now }].slice(-context.limits.maxCatchUps),
  });
}

/** Whether an archive is being read, by this or another process. */
export async function isCatchingUp(context: AccountContext, unit: UnitOfWork): Promise<boolean> {
  return (await recordIn(context, unit)).readers.some(({ at }) => isUnderWay(context, at));
}

/** One that nobody finished is over after a while: its process may be gone for good, and answers are still owed. */
function isUnderWay({ limits, now }: AccountContext, at: number): boolean {
  return Math.abs(now() - at) < limits.catchUpSilence;
}

export interface FinishCatchUpOptions {
  /** `keep`: other archives are still being read, whose messages may need them. `delete` by default. */
  readonly usedPreKeys?: 'delete' | 'keep';
}

/**
 * Ends reading an archive: what became owed is paid, and the pre-keys that key exchanges used during it are deleted (XEP-0384
 * section 6), unless another process on the store still reads. Then that one's end does it, or its silence.
 */
export async function finishCatchUp(
  context: AccountContext,
  { usedPreKeys = 'delete' }: FinishCatchUpOptions = {},
  signal?: AbortSignal,
): Promise<void> {
  await context.transact(async (unit) => {
    await unit.load([context.keys.bundle, context.keys.catchUp]);
    const { readers } = await recordIn(context, unit);
    const isOwn = ({ instance }: CatchUpReader) => sameBytes(instance, context.instance);
    const left = usedPreKeys === 'keep' ? readers : readers.filter((reader) => !isOwn(reader));
    await goOn(context, unit, { owedAt: undefined, readers: left }, usedPreKeys);
  }, signal);
}

export interface SilentCatchUp {
  /** When what became owed is paid although nobody finished; undefined when nothing waits. */
  readonly paidAt: number | undefined;
  /** When to look again. */
  readonly dueAt: number | undefined;
}

/** Ends catch-ups that have been silent for too long. */
export async function endSilentCatchUp(context: AccountContext, signal?: AbortSignal): Promise<SilentCatchUp> {
  const { keys, limits } = context;
  return context.transact(async (unit) => {
    const noted = await unit.get(catchUpRecord, keys.catchUp);
    if (noted === undefined) return { paidAt: undefined, dueAt: undefined };
    const owed = noted.owedAt !== undefined && isUnderWay(context, noted.owedAt) ? noted.owedAt : undefined;
    const readers = noted.readers.filter(({ at }) => isUnderWay(context, at));
    if (owed !== noted.owedAt || readers.length < noted.readers.length) {
      await goOn(context, unit, { owedAt: owed, readers }, 'delete');
    }
    const times = [owed, ...readers.map(({ at }) => at)].filter((at) => at !== undefined);
    return {
      paidAt: owed === undefined ? undefined : owed + limits.catchUpSilence,
      dueAt: times.length === 0 ? undefined : Math.min(...times) + limits.catchUpSilence,
    };
  }, signal);
}

/** Keeps what is still under way; the pre-keys go with the last reader. */
async function goOn(
  context: AccountContext,
  unit: UnitOfWork,
  left: CatchUpRecord,
  usedPreKeys: 'delete' | 'keep',
): Promise<void> {
  const { keys } = context;
  const readers = left.readers.filter(({ at }) => isUnderWay(context, at));
  const isOver = readers.length === 0 && left.owedAt === undefined;
  if (!isOver) unit.put(catchUpRecord, keys.catchUp, { ...left, readers });
  else if ((await unit.get(catchUpRecord, keys.catchUp)) !== undefined) unit.remove(keys.catchUp);
  if (readers.length > 0 || usedPreKeys === 'keep') return;
  const bundle = await unit.get(bundleRecord, keys.bundle);
  if (bundle === undefined || bundle.retained.length === 0) return;
  for (const { id } of bundle.retained) unit.remove(keys.preKey(id));
  unit.put(bundleRecord, keys.bundle, { ...bundle, retained: [] });
}

async function recordIn({ keys }: AccountContext, unit: UnitOfWork): Promise<CatchUpRecord> {
  return (await unit.get(catchUpRecord, keys.catchUp)) ?? { owedAt: undefined, readers: [] };
}
