import type { AccountContext } from '../context.ts';
import { bundleRecord } from '../records/bundle.ts';

/**
 * Ends reading an archive: the pre-keys that key exchanges used during it are deleted now (XEP-0384 section 6).
 *
 * @returns how many were deleted.
 */
export async function finishCatchUp(context: AccountContext, signal?: AbortSignal): Promise<number> {
  const { keys } = context;
  return context.transact(async (unit) => {
    const bundle = await unit.get(bundleRecord, keys.bundle);
    if (bundle === undefined || bundle.retained.length === 0) return 0;
    for (const { id } of bundle.retained) unit.remove(keys.preKey(id));
    unit.put(bundleRecord, keys.bundle, { ...bundle, retained: [] });
    return bundle.retained.length;
  }, signal);
}
