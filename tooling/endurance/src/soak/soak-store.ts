import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Store } from '@omemo-kit/omemo-core/ports';
import { SharedMemory } from '@omemo-kit/storage-memory';
import { SqliteStore } from '@omemo-kit/storage-sqlite';

/** The one store of a soak, with both accounts in it. */
export interface SoakStore {
  readonly store: Store;
  /** Bytes that it takes. */
  size(): Promise<number>;
  close(): Promise<void>;
}

export const soakStores = ['sqlite', 'memory'] as const;
export type SoakStoreName = (typeof soakStores)[number];

export function openSoakStore(name: SoakStoreName): Promise<SoakStore> {
  return name === 'sqlite' ? onDisk() : inMemory();
}

async function onDisk(): Promise<SoakStore> {
  const directory = await mkdtemp(join(tmpdir(), 'omemo-soak-'));
  const file = join(directory, 'soak.db');
  const store = await SqliteStore.open({ file });
  return {
    store,
    // The log, which is of one size whatever the database holds, goes into the file first.
    size: async () => {
      await store.checkpoint();
      return bytesOf(file);
    },
    close: async () => {
      await store.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function inMemory(): Promise<SoakStore> {
  const memory = new SharedMemory();
  const store = memory.open();
  return { store, size: async () => memory.usedBytes, close: () => store.close() };
}

async function bytesOf(file: string): Promise<number> {
  return (await stat(file)).size;
}

export async function rowsOf(store: Store): Promise<number> {
  let rows = 0;
  for await (const _ of store.list('')) rows += 1;
  return rows;
}
