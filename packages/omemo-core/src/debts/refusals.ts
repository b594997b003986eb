import type { AccountContext } from '../context.ts';
import { isOmemoError, OmemoError } from '../errors.ts';
import { TransportError } from '../ports/transport.ts';
import { type AnnouncementsRecord, announcementsRecord, noTries } from '../records/announcements.ts';
import type { UnitOfWork } from '../storage/unit-of-work.ts';
import { failedOnTheWay } from './failed-on-the-way.ts';
import { nextTryAt, withTry } from './pauses.ts';

/** What a server may refuse for good, by its name in the record. */
export type Refusable = Exclude<keyof AnnouncementsRecord, 'made'>;

/**
 * When upkeep may try again what the server has refused: with the same pauses as announcements, since it runs with every stanza
 * that comes, and others can make those (S17, S53). What a user asks for by a call is tried at once.
 */
export async function refusedUntil(
  context: AccountContext,
  unit: UnitOfWork,
  what: Refusable,
): Promise<number | undefined> {
  return nextTryAt((await unit.get(announcementsRecord, context.keys.announcements))?.[what], context.now());
}

/** @throws OmemoError `publication-delayed` while it is to wait. */
export async function assertMayTry(context: AccountContext, what: Refusable, signal?: AbortSignal): Promise<void> {
  const until = await context.transact((unit) => refusedUntil(context, unit, what), signal);
  if (until !== undefined) throw publicationDelayed(until);
}

export function publicationDelayed(until: number): OmemoError<'publication-delayed'> {
  const message = 'the server has refused it again and again, and it is tried later';
  return new OmemoError('publication-delayed', message, { details: { until } });
}

/** Tries it, and remembers whether the server refused it. What a connection that is gone kept from being done is no refusal. */
export async function notingRefusals(
  context: AccountContext,
  what: Refusable,
  attempt: () => Promise<void>,
): Promise<void> {
  try {
    await attempt();
  } catch (cause) {
    // A store that cannot take that down either is what the caller meets next.
    if (isRefusal(cause)) await noteRefusal(context, what).catch(() => undefined);
    throw cause;
  }
  await context.transact((unit) => forgetRefusals(context, unit, what));
}

/** It is to be tried at once. */
export async function forgetRefusals({ keys }: AccountContext, unit: UnitOfWork, what: Refusable): Promise<void> {
  const tries = await unit.get(announcementsRecord, keys.announcements);
  if (tries?.[what] !== undefined) unit.put(announcementsRecord, keys.announcements, { ...tries, [what]: undefined });
}

function noteRefusal(context: AccountContext, what: Refusable): Promise<void> {
  const { keys } = context;
  return context.transact(async (unit) => {
    const tries = (await unit.get(announcementsRecord, keys.announcements)) ?? noTries;
    unit.put(announcementsRecord, keys.announcements, { ...tries, [what]: withTry(tries[what], context.now()) });
  });
}

function isRefusal(cause: unknown): boolean {
  if (cause instanceof TransportError) return !failedOnTheWay(cause);
  return isOmemoError(cause, 'publication-failed');
}
