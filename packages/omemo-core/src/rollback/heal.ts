import { storedIdentity } from '../account/identity.ts';
import { newBundle } from '../bundles/own-bundle.ts';
import type { AccountContext } from '../context.ts';
import { OmemoError } from '../errors.ts';
import { bundleRecord, preKeyRecord } from '../records/bundle.ts';
import { counterRecord, outboxRecord } from '../records/delivery.ts';
import { identityRecord } from '../records/identity.ts';
import { readCounter } from './counter.ts';
import { markRolledBack } from './mark.ts';

export interface Healed {
  readonly deviceId: number;
  /**
   * Ids of stanzas that waited in the outbox and are dropped: their keys may have been used before. What of them has to
   * arrive is to be sent again as new messages. Of several processes that heal at once one is told.
   */
  readonly discarded: readonly string[];
}

export interface HealOptions {
  /** `application`: it knows, without a witness, that the store was put back, because it or its user did that. */
  readonly witness?: 'application';
}

/** Records removed in one commit. */
const CHUNK = 500;

/**
 * Makes a device of a store that was put back to an earlier state (S28): identity key, trust, device lists and the inbox
 * stay; sessions, pre-keys, debts and the outbox go; the device gets a new id and a bundle to go with it. The next `start`
 * announces it and takes the old id off the device list. Until the last commit the store stays refused.
 *
 * @throws OmemoError `invalid-argument` when nothing is to be healed, `witness-unavailable`.
 */
export async function heal(context: AccountContext, options: HealOptions = {}, signal?: AbortSignal): Promise<Healed> {
  const { keys } = context;
  if (options.witness === 'application') await markRolledBack(context, 'application', signal);
  const identity = await context.transact((unit) => storedIdentity(context, unit), signal);
  if (identity.rolledBack === undefined) {
    throw new OmemoError(
      'invalid-argument',
      'the store is not known to be an old copy: `start` finds out, or say so by `witness: "application"`',
    );
  }
  const witnessed = await readCounter(context);
  const gone = [keys.sessionPrefix, keys.allSkippedPrefix, keys.seenPrefix, keys.debtPrefix, keys.preKeyPrefix];
  for (const prefix of gone) await removeAll(context, prefix, signal);
  return startOver(context, witnessed, signal);
}

/** In chunks: what is left after a crash is removed by the next call. */
async function removeAll(context: AccountContext, prefix: string, signal: AbortSignal | undefined): Promise<void> {
  const keys: string[] = [];
  for await (const { key } of context.store.list(prefix)) keys.push(key);
  for (let start = 0; start < keys.length; start += CHUNK) {
    await context.transact(async (unit) => {
      // Read, and so expected: once another process has healed, these names are of its new device.
      const { rolledBack } = await storedIdentity(context, unit);
      if (rolledBack === undefined) return;
      for (const key of keys.slice(start, start + CHUNK)) unit.remove(key);
    }, signal);
  }
}

/** The outbox goes with the mark, in one commit, so that a crash before it leaves both, to be told of by the next call. */
function startOver(context: AccountContext, witnessed: number, signal: AbortSignal | undefined): Promise<Healed> {
  const { keys, randomness, limits } = context;
  return context.transact(async (unit) => {
    await unit.load([keys.identity, keys.bundle, keys.counter]);
    const before = await storedIdentity(context, unit);
    // Another process was faster.
    if (before.rolledBack === undefined) return { deviceId: before.deviceId, discarded: [] };
    const outbox = await unit.list(outboxRecord, keys.outboxPrefix);
    const identity = {
      ...before,
      deviceId: randomness.deviceId(),
      formerDeviceIds: [...before.formerDeviceIds, before.deviceId],
      announcedAt: undefined,
      rolledBack: undefined,
    };
    const old = await unit.get(bundleRecord, keys.bundle);
    const { bundle, preKeys } = newBundle({ identity, randomness, limits, now: context.now() }, old);
    const counter = await unit.get(counterRecord, keys.counter);
    unit.put(identityRecord, keys.identity, identity);
    unit.put(bundleRecord, keys.bundle, bundle);
    for (const preKey of preKeys) unit.put(preKeyRecord, keys.preKey(preKey.id), preKey);
    unit.put(counterRecord, keys.counter, { value: Math.max(witnessed, counter?.value ?? 0) });
    for (const { key } of outbox) unit.remove(key);
    unit.remove(keys.outboxState);
    unit.remove(keys.catchUp);
    return { deviceId: identity.deviceId, discarded: outbox.map(({ value }) => value.id) };
  }, signal);
}
