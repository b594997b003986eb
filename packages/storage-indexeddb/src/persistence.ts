/// <reference lib="dom" />

/**
 * Whether the browser may delete the data by itself when the disk is full or the site was not visited for long.
 *
 * - `granted`: it may not; only the user can.
 * - `refused`: it may.
 * - `not-asked`: it may, and was not asked to refrain: `persist: 'never'`, or a worker, which cannot ask.
 * - `unknown`: the browser does not say, or the page is no secure context.
 */
export type Persistence = 'granted' | 'refused' | 'not-asked' | 'unknown';

/** Asks once, unless it is granted already. Some browsers ask the user, so that the answer may take its time. */
export async function requestPersistence(persist: 'ask' | 'never'): Promise<Persistence> {
  const storage = globalThis.navigator?.storage as Partial<StorageManager> | undefined;
  try {
    if (storage?.persisted === undefined) return 'unknown';
    if (await storage.persisted()) return 'granted';
    if (persist === 'never' || storage.persist === undefined) return 'not-asked';
    return (await storage.persist()) ? 'granted' : 'refused';
  } catch {
    return 'unknown';
  }
}
