/** Connections of other tabs and releases. */
import { StoreError } from '@omemo-kit/omemo-core/ports';
import { IndexedDbStore } from '../../src/index.ts';
import { answerOf, deleteDatabase, openRaw } from './raw-database.ts';

const held: IDBDatabase[] = [];

/** Opens a database and keeps it open, whoever asks for it. Returns its number. */
export async function hold(name: string, version?: number): Promise<number> {
  const database = await openRaw(name, version === undefined ? {} : { version });
  return held.push(database) - 1;
}

export function letGo(number: number): void {
  held[number]!.close();
}

/** What a newer release does to the database on opening. Resolves when it is done. */
export async function upgrade(name: string, version: number): Promise<void> {
  const database = await openRaw(name, { version, upgrade: (upgraded) => void upgraded.createObjectStore('newer') });
  database.close();
}

/** An upgrade that is given up. */
export async function abandonUpgrade(name: string, version: number): Promise<void> {
  await openRaw(name, { version, upgrade: (_, transaction) => transaction.abort() }).catch(() => {});
}

export async function remove(name: string): Promise<void> {
  await deleteDatabase(name);
}

/** Asks for deletion without waiting for it. */
export function startRemoval(name: string): void {
  indexedDB.deleteDatabase(name);
}

/** Makes a database that another program might have. */
export async function makeForeign(name: string): Promise<void> {
  const database = await openRaw(name, { version: 1, upgrade: (made) => void made.createObjectStore('things') });
  database.close();
}

/** Version of the database, 0 when there is none. */
export async function versionOf(name: string): Promise<number> {
  return (await indexedDB.databases()).find((each) => each.name === name)?.version ?? 0;
}

/** Puts something into the object store of the records. */
export async function putRaw(name: string, record: unknown): Promise<void> {
  const database = await openRaw(name);
  await answerOf(database.transaction('records', 'readwrite').objectStore('records').put(record));
  database.close();
}

/** Opens a store as a release would whose database has a higher version; tells how that fails. */
export async function openAsNewer(
  name: string,
  patience: number,
): Promise<{ code: string; message: string } | undefined> {
  const factory = { open: () => indexedDB.open(name, 2) } as unknown as IDBFactory;
  try {
    await IndexedDbStore.open({ name, factory, patience, persist: 'never' });
    return undefined;
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return { code: error.code, message: error.message };
  }
}

/** Writes as the store does, one transaction after the other, but for the durability. */
export async function writeRelaxed(name: string, times: number): Promise<void> {
  const database = await openRaw(name);
  for (let i = 0; i < times; i++) {
    const transaction = database.transaction('records', 'readwrite', { durability: 'relaxed' });
    const record = { key: `relaxed/${i}`, value: new Uint8Array(100), version: 1, revision: new Uint8Array(16) };
    await answerOf(transaction.objectStore('records').put(record));
  }
  database.close();
}
