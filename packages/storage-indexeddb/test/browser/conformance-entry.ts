/** Runs in a page or a worker: the checks of the Store port, one at a time, by name. */
import { runStoreCheck, type StoreConformanceOptions, storeChecks } from '@omemo-kit/store-conformance/checks';
import { IndexedDbStore } from '../../src/index.ts';
import { deleteDatabase, openRaw } from './raw-database.ts';

/** Says `holds`, or how the rule is broken. What shares an origin keeps apart by `where`. */
export async function runCheck(name: string, where: string): Promise<string> {
  const check = storeChecks.find((each) => each.name === name);
  if (check === undefined) return `there is no check ${name}`;
  try {
    await runStoreCheck(check, optionsFor(where));
    return 'holds';
  } catch (error) {
    return String(error);
  }
}

function optionsFor(where: string): StoreConformanceOptions {
  const nameOf = (place: string) => `${where}-${place}`;
  return {
    name: 'IndexedDbStore',
    open: (place) => IndexedDbStore.open({ name: nameOf(place), persist: 'never' }),
    remove: (place) => deleteDatabase(nameOf(place)),
    makeNewer: async (place) => (await openRaw(nameOf(place), { version: 1_000 })).close(),
  };
}
