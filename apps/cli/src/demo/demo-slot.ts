import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { StoreError } from '@omemo-kit/omemo-core/ports';
import { SqliteStore } from '@omemo-kit/storage-sqlite';
import { claim } from '../storage/claim.ts';
import { makePrivateDirectory, makePrivateFile } from '../storage/private-file.ts';
import { storeTrouble } from '../storage/store-trouble.ts';

/** A file of the demo's own, empty, and of this run's alone until it is released. */
export interface DemoSlot {
  readonly file: string;
  release(): void;
}

/** Far more demos than anybody runs at once. */
const MOST_AT_ONCE = 64;
const UNREADABLE: readonly string[] = ['corrupt', 'newer-schema', 'wrong-key'];

/**
 * Takes `demo.sqlite` in this directory, or `demo-2.sqlite` while another demo has that, and so on, and empties it: its
 * devices lived on a server that went with them. So the records of the last run can be looked at until the next one, and
 * there are never more files than there were demos at once.
 *
 * @throws CliError `store-unavailable`, and what the file system throws.
 */
export async function openDemoSlot(directory: string): Promise<DemoSlot> {
  await makePrivateDirectory(directory);
  for (let number = 1; number <= MOST_AT_ONCE; number++) {
    const name = number === 1 ? 'demo' : `demo-${number}`;
    const claimed = await claim(join(directory, `${name}.lock`));
    if (claimed === undefined) continue;
    const file = join(directory, `${name}.sqlite`);
    try {
      await makeEmpty(file);
    } catch (error) {
      claimed.release();
      throw storeTrouble(error, file);
    }
    return { file, release: () => claimed.release() };
  }
  throw new StoreError('unavailable', `${MOST_AT_ONCE} demos are running`);
}

/**
 * Takes the records out rather than the file away: somebody may be looking at it, and SQLite finds the files beside a
 * database by their names. A file that does not open, or that a newer release wrote, is replaced all the same.
 */
async function makeEmpty(file: string): Promise<void> {
  await makePrivateFile(file, 'kept');
  try {
    await removeRecords(file);
  } catch (error) {
    if (!(error instanceof StoreError) || !UNREADABLE.includes(error.code)) throw error;
    for (const end of ['', '-wal', '-shm', '-journal']) await rm(file + end, { force: true });
    await makePrivateFile(file, 'refused');
  }
}

async function removeRecords(file: string): Promise<void> {
  const store = await SqliteStore.open({ file });
  try {
    const remove: string[] = [];
    for await (const { key } of store.list('')) remove.push(key);
    await store.commit({ id: crypto.getRandomValues(new Uint8Array(16)), expect: [], put: [], remove });
  } finally {
    await store.close();
  }
}
