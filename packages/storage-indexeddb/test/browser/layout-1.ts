/**
 * The database as release 0.1 made it, by raw calls and with every name written out: what it stored must open for ever. The
 * next layout gets a file and a fixture of its own; these stay as they are.
 */
import { answerOf, dump, openRaw } from './raw-database.ts';

/** A database in JSON, bytes as hex. */
export interface LayoutFixture {
  readonly identity: string;
  readonly records: readonly { key: string; value: string; version: number; revision: string }[];
}

export async function recreateLayout1(name: string, fixture: LayoutFixture): Promise<void> {
  const database = await openRaw(name, {
    version: 1,
    upgrade: (made) => {
      const records = made.createObjectStore('records', { keyPath: 'key' });
      for (const { key, value, version, revision } of fixture.records) {
        records.put({ key, value: fromHex(value), version, revision: fromHex(revision) });
      }
      made.createObjectStore('identity').put(fromHex(fixture.identity), 'id');
    },
  });
  database.close();
}

/** Everything that is in a database and how it is laid out. */
export async function describeLayout(name: string): Promise<unknown> {
  const database = await openRaw(name);
  const { version, objectStoreNames } = database;
  const stores: Record<string, unknown> = {};
  for (const each of objectStoreNames) {
    const { keyPath, autoIncrement, indexNames } = database.transaction(each).objectStore(each);
    const { keys, values } = await dump(database, each);
    stores[each] = { keyPath, autoIncrement, indexNames: [...indexNames], keys, values };
  }
  database.close();
  return { version, stores };
}

/** What the object store `identity` has under `id`. */
export async function identityOf(name: string): Promise<Uint8Array> {
  const database = await openRaw(name);
  const identity: Uint8Array = await answerOf(database.transaction('identity').objectStore('identity').get('id'));
  database.close();
  return identity;
}

function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
