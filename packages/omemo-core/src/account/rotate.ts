import { signedPreKeysDueAt, withRotatedSignedPreKey, withSignedPreKeysAt } from '../bundles/signed-pre-keys.ts';
import type { AccountContext } from '../context.ts';
import { bundleRecord } from '../records/bundle.ts';
import { ownIdentity } from './identity.ts';

/** Makes a fresh signed pre-key; the old one still reads delayed key exchanges for one more period (XEP-0384 4.2). */
export async function rotateSignedPreKey(context: AccountContext, signal?: AbortSignal): Promise<void> {
  const { keys, randomness } = context;
  await context.transact(async (unit) => {
    await unit.load([keys.identity, keys.bundle]);
    const identity = await ownIdentity(context, unit);
    const bundle = await unit.get(bundleRecord, keys.bundle);
    if (bundle === undefined) return;
    const making = { identity, randomness, now: context.now() };
    unit.put(bundleRecord, keys.bundle, withRotatedSignedPreKey(bundle, making));
  }, signal);
}

/**
 * Replaces the signed pre-key when its period is over, and deletes those that were kept for another one (XEP-0384 4.2, S18).
 *
 * @returns when there is next something to do; undefined while that waits for a publication.
 */
export async function renewSignedPreKeys(context: AccountContext, signal?: AbortSignal): Promise<number | undefined> {
  const { keys, randomness, limits } = context;
  return context.transact(async (unit) => {
    await unit.load([keys.identity, keys.bundle]);
    const identity = await ownIdentity(context, unit);
    const bundle = await unit.get(bundleRecord, keys.bundle);
    if (bundle === undefined) return undefined;
    const period = limits.signedPreKeyPeriod;
    const renewed = withSignedPreKeysAt(bundle, { identity, randomness, now: context.now(), period });
    if (renewed !== bundle) unit.put(bundleRecord, keys.bundle, renewed);
    return signedPreKeysDueAt(renewed, period);
  }, signal);
}
