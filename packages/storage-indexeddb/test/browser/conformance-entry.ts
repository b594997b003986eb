/** Runs in a page or a worker: the checks of the Store port, one at a time, by name. */
import { runStoreCheck, type StoreConformanceOptions, storeChecks } from '@omemo-kit/store-conformance/checks';
import { IndexedDbStore } from '../../src/index.ts';
import { deleteDatabase, openRaw } from './raw-database.ts';

const open = (place: string) => IndexedDbStore.open({ name: place, persist: 'never' });

const options: StoreConformanceOptions = {
  name: 'IndexedDbStore',
  open,
  remove: deleteDatabase,
  // The test has told the browser to leave the origin little room.
  openSmall: open,
  makeNewer: async (place) => (await openRaw(place, { version: 1_000 })).close(),
};

/** Says `holds`, or how the rule is broken. */
export async function runCheck(name: string): Promise<string> {
  const check = storeChecks.find((each) => each.name === name);
  if (check === undefined) return `there is no check ${name}`;
  try {
    await runStoreCheck(check, options);
    return 'holds';
  } catch (error) {
    return String(error);
  }
}
