import { withRotatedSignedPreKey } from '../bundles/own-bundle.ts';
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
