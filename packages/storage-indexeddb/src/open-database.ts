/// <reference lib="dom" />
import { StoreError } from '@omemo-kit/omemo-core/ports';
import { checkLayout, identityName, layoutVersion, requestIdentity, upgradeLayout } from './layout.ts';
import { nameOf, openingError, readingError } from './store-errors.ts';

export interface DatabaseAddress {
  readonly name: string;
  readonly factory: IDBFactory;
  /** Longest time to wait for other connections that are in the way, milliseconds. */
  readonly patience: number;
}

export interface OpenDatabase {
  /** Closes by itself when it is in the way of an upgrade or a deletion elsewhere. */
  readonly database: IDBDatabase;
  /** Which database it is, whatever its name: made anew, it has another one. */
  readonly identity: string;
  readonly history: DatabaseHistory;
}

/**
 * What opening came upon: a database; none, so that it was made; or none because the browser had thrown a damaged one away.
 * Chromium tells of that; where a browser does not, it looks as if there had been none.
 */
export type DatabaseHistory = 'found' | 'made' | 'made after a loss';

/** How often it may be asked for by others before it is in our hands. */
const mostAttempts = 3;

/**
 * Opens the database, brought to the layout of this release.
 *
 * @param missing what to do when there is none: to make it, or to throw this.
 * @throws StoreError `newer-schema`, `unavailable`, `quota`, `corrupt`.
 */
export async function openDatabase(address: DatabaseAddress, missing: 'create' | StoreError): Promise<OpenDatabase> {
  for (let attempt = 1; ; attempt++) {
    const { database, history } = await open(address, missing);
    try {
      return { database, history, identity: await readIdentity(database) };
    } catch (error) {
      database.close();
      if (nameOf(error) !== 'InvalidStateError' || attempt === mostAttempts) throw readingError(error);
    }
  }
}

async function readIdentity(database: IDBDatabase): Promise<string> {
  const transaction = database.transaction(identityName, 'readonly');
  const request = requestIdentity(transaction);
  await new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
  return String(request.result);
}

/** Only Chromium has it: `total` when it could not read what was there, and began anew. */
type Upgrade = IDBVersionChangeEvent & { readonly dataLoss?: 'none' | 'total' };

function open(
  address: DatabaseAddress,
  missing: 'create' | StoreError,
): Promise<Pick<OpenDatabase, 'database' | 'history'>> {
  const { name, factory, patience } = address;
  return new Promise((resolve, reject) => {
    let request: IDBOpenDBRequest;
    try {
      request = factory.open(name, layoutVersion);
    } catch (error) {
      reject(openingError(error, name));
      return;
    }
    let isBlocked = false;
    let history: DatabaseHistory = 'found';
    let refusal: StoreError | undefined;
    const timer = setTimeout(() => {
      refusal = new StoreError('unavailable', waitingText({ name, patience, isBlocked }));
      reject(refusal);
    }, patience);
    request.onblocked = () => {
      isBlocked = true;
    };
    request.onupgradeneeded = ({ oldVersion, dataLoss }: Upgrade) => {
      if (oldVersion === 0) {
        history = dataLoss === 'total' ? 'made after a loss' : 'made';
        if (missing !== 'create') refusal ??= missing;
      }
      // An opening that was given up changes nothing, either.
      if (refusal !== undefined) request.transaction!.abort();
      else upgradeLayout(request.result, oldVersion);
    };
    request.onerror = (event) => {
      // Firefox would report it to the page as an error that nobody handles.
      event.preventDefault();
      clearTimeout(timer);
      reject(refusal ?? openingError(request.error, name));
    };
    request.onsuccess = () => {
      clearTimeout(timer);
      const database = request.result;
      // From the first moment on: the event comes once.
      database.onversionchange = () => database.close();
      try {
        if (refusal !== undefined) throw refusal;
        checkLayout(database);
        resolve({ database, history });
      } catch (error) {
        database.close();
        reject(error);
      }
    };
  });
}

function waitingText(wait: { name: string; patience: number; isBlocked: boolean }): string {
  const { name, patience, isBlocked } = wait;
  const what = isBlocked
    ? 'another tab or worker has it open in an older version and does not close it'
    : 'the browser does not answer, perhaps because another tab is upgrading or deleting it';
  return `the database ${name} could not be opened within ${patience} ms: ${what}`;
}
