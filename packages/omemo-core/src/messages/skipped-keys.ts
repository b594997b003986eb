import { needsSkippedLookup, type RatchetHeader, type SkippedMessageKey } from '@omemo-kit/double-ratchet';
import type { AccountContext } from '../context.ts';
import { type SkippedRecord, skippedRecord } from '../records/skipped.ts';
import type { Session } from '../sessions/session.ts';
import type { DecryptedKey } from '../sessions/step.ts';
import type { UnitOfWork } from '../storage/unit-of-work.ts';
import type { DeviceAddress } from './addresses.ts';

/** How often a session with skipped keys looks for expired ones, in messages read. */
const SWEEP_INTERVAL = 128;

/** The skipped key that a message which comes late may need, by session (XEP-0384 1.2, R137). An in-order message asks for none. */
export async function findSkippedKeys(
  context: AccountContext,
  unit: UnitOfWork,
  input: { readonly device: DeviceAddress; readonly sessions: readonly Session[]; readonly header: RatchetHeader },
): Promise<ReadonlyMap<Session, SkippedMessageKey>> {
  const { device, sessions, header } = input;
  const asking = sessions.filter(({ ratchet }) => needsSkippedLookup(ratchet, header));
  const loaded = await unit.getMany(
    skippedRecord,
    asking.map(({ id: sessionId }) =>
      context.keys.skipped({ ...device, sessionId }, header.ratchetKey, header.messageNumber),
    ),
  );
  const found = new Map<Session, SkippedMessageKey>();
  for (const [index, session] of asking.entries()) {
    const value = loaded[index]?.value;
    if (value !== undefined) found.set(session, value);
  }
  return found;
}

/**
 * Writes what a step did to the skipped keys: stores new ones, removes the used one, evicts the oldest beyond the limit
 * and, now and then, those that outlived their time (XEP-0384 4.3, S26).
 *
 * @returns the session with its count of stored keys set right.
 */
export async function storeSkippedKeys(
  context: AccountContext,
  unit: UnitOfWork,
  input: { readonly device: DeviceAddress; readonly step: DecryptedKey; readonly expire: boolean },
): Promise<Session> {
  const { device, step, expire } = input;
  const { session, add, remove, evict } = step;
  const address = { ...device, sessionId: session.id };
  const keyOf = (key: SkippedMessageKey) => context.keys.skipped(address, key.ratchetKey, key.messageNumber);
  const sweep = expire && session.ratchet.skippedCount > 0 && session.received % SWEEP_INTERVAL === 0;
  // Before this step's own changes are in the unit, so that the stored ones are listed as they are.
  const stored = evict > 0 || sweep ? await unit.list(skippedRecord, context.keys.skippedPrefix(address)) : [];
  const added = add.map((key): SkippedRecord => ({ ...key, storedAt: session.received }));
  // A peer may go back to an old ratchet key and make a name again; its newer key takes the place.
  const again = (await unit.getMany(skippedRecord, added.map(keyOf))).filter(({ value }) => value !== undefined).length;
  for (const key of remove) unit.remove(keyOf(key));
  for (const key of added) unit.put(skippedRecord, keyOf(key), key);
  const gone = new Set([...remove, ...added].map(keyOf));
  const all = [...stored.map(({ value }) => value).filter((key) => !gone.has(keyOf(key))), ...added];
  const oldestFirst = all.sort((a, b) => a.sequence - b.sequence);
  for (const key of oldestFirst.slice(0, evict)) unit.remove(keyOf(key));
  const expired = sweep
    ? oldestFirst.slice(evict).filter(({ storedAt }) => storedAt + context.limits.skippedLifetime < session.received)
    : [];
  for (const key of expired) unit.remove(keyOf(key));
  if (again + expired.length === 0) return session;
  const skippedCount = Math.max(0, session.ratchet.skippedCount - again - expired.length);
  return { ...session, ratchet: { ...session.ratchet, skippedCount } };
}
