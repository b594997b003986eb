import { resolve } from 'node:path';
import type { Store } from '@omemo-kit/omemo-core/ports';
import { SharedMemory } from '@omemo-kit/storage-memory';
import { SqliteStore } from '@omemo-kit/storage-sqlite';
import { dataDirectory, type Surroundings } from '../storage/data-directory.ts';
import { makePrivateFile } from '../storage/private-file.ts';
import type { StoreChoice } from '../storage/store-choice.ts';
import { storeTrouble } from '../storage/store-trouble.ts';
import { openDemoSlot } from './demo-slot.ts';

/** Where records are. */
export type RecordsPlace = { readonly kind: 'sqlite'; readonly file: string } | { readonly kind: 'memory' };

/** What the devices of one demo keep their records in: empty at first, all devices together, each under a name of its own. */
export interface DemoStorage {
  readonly place: RecordsPlace;
  /** A store of its own for a device, as processes have it that share a file. */
  open(): Promise<Store>;
  /** To be called when all stores are closed. The records stay where they are, if that is a file. */
  close(): void;
}

/** @throws CliError `store-unavailable` */
export async function openDemoStorage(choice: StoreChoice, surroundings: Surroundings): Promise<DemoStorage> {
  switch (choice.kind) {
    case 'memory':
      return inMemory();
    case 'file':
      return inNewFile(resolve(choice.file));
    case 'data-directory':
      return inDataDirectory(dataDirectory(surroundings));
  }
}

function inMemory(): DemoStorage {
  const memory = new SharedMemory();
  return { place: { kind: 'memory' }, open: async () => memory.open(), close: () => {} };
}

/** A file that somebody names is made and never emptied: it might be anything. */
async function inNewFile(file: string): Promise<DemoStorage> {
  try {
    await makePrivateFile(file, 'refused');
  } catch (error) {
    throw storeTrouble(error, file);
  }
  return inFile(file);
}

async function inDataDirectory(directory: string): Promise<DemoStorage> {
  try {
    const { file, release } = await openDemoSlot(directory);
    return { ...inFile(file), close: release };
  } catch (error) {
    throw storeTrouble(error, directory);
  }
}

function inFile(file: string): DemoStorage {
  return { place: { kind: 'sqlite', file }, open: () => SqliteStore.open({ file }), close: () => {} };
}
