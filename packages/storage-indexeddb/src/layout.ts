/// <reference lib="dom" />
import { type StoredRecord, StoreError } from '@omemo-kit/omemo-core/ports';

/** Version of the database. A later release that changes the layout raises it and keeps every step up to it here. */
export const layoutVersion = 1;

/** Object store of the records, `StoredRecord` as it is, by `key`. IndexedDB orders ASCII strings as their bytes. */
export const recordsName = 'records';

/** Object store with one value, 16 random bytes under `id`: which database this is, whatever its name. */
export const identityName = 'identity';
const identityKey = 'id';

/** Brings a database to the layout of this release, inside the transaction that opening gives for it. */
export function upgradeLayout(database: IDBDatabase, oldVersion: number): void {
  if (oldVersion < 1) {
    database.createObjectStore(recordsName, { keyPath: 'key' });
    database.createObjectStore(identityName).put(crypto.getRandomValues(new Uint8Array(16)), identityKey);
  }
}

/** @throws StoreError `corrupt` when another program made the database. */
export function checkLayout(database: IDBDatabase): void {
  const names = database.objectStoreNames;
  if (names.contains(recordsName) && names.contains(identityName)) return;
  throw new StoreError('corrupt', `the database ${database.name} is none of this package: it lacks the object stores`);
}

/** Asks for the database's own id, inside a transaction on `identityName`. */
export function requestIdentity(transaction: IDBTransaction): IDBRequest<unknown> {
  return transaction.objectStore(identityName).get(identityKey);
}

/** What was read is a record. @throws StoreError `corrupt`. */
export function checkRecord(found: unknown, key: string): StoredRecord {
  const { value, version, revision } = found as StoredRecord;
  if (value instanceof Uint8Array && revision instanceof Uint8Array && Number.isInteger(version)) {
    return { key, value, version, revision };
  }
  throw new StoreError('corrupt', `what is stored under ${key} is no record`);
}
