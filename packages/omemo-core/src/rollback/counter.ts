import { storedIdentity } from '../account/identity.ts';
import type { AccountContext } from '../context.ts';
import { OmemoError } from '../errors.ts';
import { counterRecord } from '../records/delivery.ts';
import type { UnitOfWork } from '../storage/unit-of-work.ts';
import { markRolledBack } from './mark.ts';

/**
 * Runs a unit of work that spends message keys. Where there is a counter it is raised after the commit and before the
 * caller gets anything that could leave the device. A body that resolves to undefined has spent nothing, whatever else it wrote.
 *
 * @throws OmemoError `witness-unavailable` after the commit: message keys are skipped, and `undo` was called.
 */
export async function transactSpending<T>(
  context: AccountContext,
  spend: { body(unit: UnitOfWork): Promise<T>; undo(): Promise<void> },
  signal?: AbortSignal,
): Promise<T> {
  if (context.rollbackCounter === undefined) return context.transact(spend.body, signal);
  const { result, value } = await context.transact(async (unit) => {
    const result = await spend.body(unit);
    return { result, value: result !== undefined && unit.hasWrites ? await count(context, unit) : 0 };
  }, signal);
  try {
    await raise(context, value);
  } catch (error) {
    // If that fails too the store is gone, and what waits in it goes out once it is back: with the counter raised first.
    await spend.undo().catch(() => undefined);
    throw error;
  }
  return result;
}

/** Before something goes out that an earlier process encrypted: it may have died before it raised the counter. */
export async function raiseAsStored(context: AccountContext): Promise<void> {
  if (context.rollbackCounter === undefined) return;
  const stored = await context.transact((unit) => unit.get(counterRecord, context.keys.counter));
  await raise(context, stored?.value ?? 0);
}

/**
 * Compares the store with the counter. A device that was never announced has nothing to lose: a new or restored one goes on
 * from the counter as it is.
 *
 * @throws OmemoError `store-rolled-back`, noted in the store; `witness-unavailable`.
 */
export async function checkCounter(context: AccountContext, signal?: AbortSignal): Promise<void> {
  if (context.rollbackCounter === undefined) return;
  // Before the store is read: another process may raise both meanwhile, the store first.
  const witnessed = await readCounter(context);
  const behind = await context.transact(async (unit) => {
    await unit.load([context.keys.identity, context.keys.counter]);
    const { announcedAt } = await storedIdentity(context, unit);
    const stored = await unit.get(counterRecord, context.keys.counter);
    if ((stored?.value ?? 0) >= witnessed) return false;
    if (stored !== undefined || announcedAt !== undefined) return true;
    unit.put(counterRecord, context.keys.counter, { value: witnessed });
    return false;
  }, signal);
  if (behind) throw await markRolledBack(context, 'counter', signal);
}

/** The number outside, 0 when there is none. @throws OmemoError `witness-unavailable`. */
export async function readCounter(context: AccountContext): Promise<number> {
  const witnessed = (await ask(() => context.rollbackCounter?.read())) ?? 0;
  if (Number.isSafeInteger(witnessed) && witnessed >= 0) return witnessed;
  throw new OmemoError('witness-unavailable', 'the rollback counter holds no whole number');
}

async function count(context: AccountContext, unit: UnitOfWork): Promise<number> {
  const value = ((await unit.get(counterRecord, context.keys.counter))?.value ?? 0) + 1;
  unit.put(counterRecord, context.keys.counter, { value });
  return value;
}

async function raise(context: AccountContext, to: number): Promise<void> {
  await ask(() => context.rollbackCounter?.raise(to));
}

async function ask<T>(call: () => Promise<T> | undefined): Promise<T | undefined> {
  try {
    return await call();
  } catch (cause) {
    throw new OmemoError('witness-unavailable', 'the rollback counter does not answer', { cause });
  }
}
