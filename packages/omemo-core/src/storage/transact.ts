import { inSlice } from '@omemo-kit/primitives/ahead';
import { OmemoError } from '../errors.ts';
import type { EventSource } from '../events.ts';
import type { Limits } from '../limits.ts';
import type { Randomness } from '../ports/randomness.ts';
import { type Batch, type Store, type StoredRecord, StoreError } from '../ports/store.ts';
import { LostAnswers } from './lost-answers.ts';
import type { RecordCache } from './record-cache.ts';
import { assertOpen, UnitOfWork } from './unit-of-work.ts';

export interface TransactionContext {
  readonly store: Store;
  readonly cache: RecordCache;
  readonly randomness: Pick<Randomness, 'commitId' | 'jitter'>;
  readonly limits: Pick<Limits, 'contentionDeadline'>;
  /** Tells listeners. */
  readonly emit: EventSource['emit'];
}

/**
 * A writer that came too late pauses for up to so many times what its attempt took: measured, since an attempt takes one
 * millisecond in memory and a hundred on a busy server. The pause does not grow with the attempts, for then those who had
 * lost often would lose on to those who had just won. Against pauses that double from 2 to 250 ms, the longest wait of four
 * to eight writers who never rest is a third to a seventh (simulated for six loads), with the same throughput; of 32 writers
 * it is half, at three quarters of the throughput.
 */
const LONGEST_PAUSE = 4;

/**
 * Load, pure step, one atomic commit; only what `body` returned after the commit is real. On a conflict the stale
 * records are read again and `body` runs again, until it holds or the deadline passes. `body` must not wait for the
 * network and must not change anything but the unit it is given.
 *
 * @throws OmemoError `contention` at the deadline, `aborted` before a commit; what `body` and the store throw. StoreError `indeterminate`
 * in place of all these once the answer of a commit was lost that cannot be seen.
 */
export async function transact<T>(
  context: TransactionContext,
  body: (unit: UnitOfWork) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const lost = new LostAnswers<T>(context.store);
  return told(context, await doneOnce(context, { body, lost, signal }).catch((error) => landedOr(lost, error)));
}

interface Done<T> {
  readonly result: T;
  readonly unit: UnitOfWork;
}

/** However an operation ends, whoever hears that it failed may do it again. */
async function landedOr<T>(lost: LostAnswers<T>, error: unknown): Promise<Done<T>> {
  const landed = await lost.landed();
  if (landed !== undefined) return landed;
  throw lost.orLost(error);
}

interface Attempts<T> {
  body(unit: UnitOfWork): Promise<T>;
  readonly lost: LostAnswers<T>;
  readonly signal: AbortSignal | undefined;
}

async function doneOnce<T>(context: TransactionContext, { body, lost, signal }: Attempts<T>): Promise<Done<T>> {
  const deadline = Date.now() + context.limits.contentionDeadline;
  const known = new Map<string, StoredRecord | undefined>();
  // Records taken for new without a look; one that is there twice would be there for ever.
  const assumed = new Set<string>();
  // Spares a message to a thousand devices a fifth of its time, and any other one most of its reads.
  let recall = context.cache.mayRecall();
  for (;;) {
    assertOpen(signal);
    const began = Date.now();
    const unit = new UnitOfWork(context.store, context.cache, known, recall);
    const attempt = await outcomeOf(body, unit);
    // Before anything that this attempt says: it may have met what an earlier one did after all.
    const landed = await lost.landed();
    if (landed !== undefined) return landed;
    if ('error' in attempt) {
      if (!unit.hasRecalled) throw attempt.error;
      // Perhaps only because of what is not so any more.
      recall = false;
      known.clear();
      continue;
    }
    const { result } = attempt;
    assertOpen(signal);
    const stale = unit.hasWrites
      ? await inSlice(() => commit(context, unit, (batch, error) => lost.add({ batch, unit, result, error })))
      : nothingIfEmpty(await unit.staleReads());
    if (stale === undefined) return { result, unit };
    if (
      !unit.hasRecalled &&
      (Date.now() > deadline || stale.some((key) => unit.assumesAbsent(key) && assumed.has(key)))
    ) {
      const message = 'other writers of this account kept winning; nothing was written, it may be tried again';
      throw new OmemoError('contention', message, { details: { keys: stale } });
    }
    for (const key of stale) {
      known.delete(key);
      if (unit.assumesAbsent(key)) assumed.add(key);
    }
    // A store that does not say what was stale gets everything read again.
    if (stale.length === 0) known.clear();
    // Nobody was faster: this process did not look.
    if (unit.hasRecalled) {
      recall = false;
      context.cache.noteOtherWriter();
      continue;
    }
    const now = Date.now();
    const longest = LONGEST_PAUSE * Math.max(1, now - began);
    // One more attempt is made at the deadline, not after it.
    await pause(Math.min(longest * context.randomness.jitter(), Math.max(0, deadline - now)));
  }
}

/** Listeners hear of what happened, not of what was tried. */
function told<T>(context: TransactionContext, done: Done<T>): T {
  for (const { name, event } of done.unit.told) context.emit(name, event);
  return done.result;
}

async function outcomeOf<T>(
  body: (unit: UnitOfWork) => Promise<T>,
  unit: UnitOfWork,
): Promise<{ readonly result: T } | { readonly error: unknown }> {
  try {
    return { result: await body(unit) };
  } catch (error) {
    return { error };
  }
}

/** Commits, and says which keys were stale, or undefined when the batch is in the store. */
async function commit(
  context: TransactionContext,
  unit: UnitOfWork,
  /** Whether it happened all the same. */
  onLostAnswer: (batch: Batch, error: StoreError) => Promise<boolean>,
): Promise<readonly string[] | undefined> {
  const batch = unit.batch(context.randomness.commitId());
  try {
    await context.store.commit(batch);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    if (error.code === 'conflict') return error.keys;
    if (error.code !== 'indeterminate') throw error;
    if (!(await onLostAnswer(batch, error))) return batch.expect.map(({ key }) => key);
  }
  unit.committed(batch.id);
  return undefined;
}

function nothingIfEmpty(keys: readonly string[]): readonly string[] | undefined {
  return keys.length === 0 ? undefined : keys;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
