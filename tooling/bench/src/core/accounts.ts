import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { blindTrustBeforeVerification, type Limits, Omemo, type Store } from '@omemo-kit/omemo-core';
import { MemoryStore } from '@omemo-kit/storage-memory';
import { SqliteStore } from '@omemo-kit/storage-sqlite';
import type { Element } from 'ltx';
import { type NodeMap, transportOn } from './node-map.ts';

/** Nobody answers a thousand messages here, and a bundle of a hundred pre-keys is not what is measured. */
const limits: Partial<Limits> = { preKeys: 25, staleAfter: 1_000_000_000, maxStanzaBytes: 8_000_000 };

/** An account with one device, on a store of its own. */
export interface Account {
  readonly omemo: Omemo;
  /** What it sent of its own accord. */
  readonly sent: Element[];
}

export async function openAccount(jid: string, store: Store, nodes: NodeMap): Promise<Account> {
  const sent: Element[] = [];
  const omemo = await Omemo.open({
    ...{ jid, store, limits, transport: transportOn(nodes, jid, sent) },
    trust: blindTrustBeforeVerification,
    upkeep: 'manual',
  });
  await omemo.start();
  return { omemo, sent };
}

export function openInMemory(jid: string, nodes: NodeMap): Promise<Account> {
  return openAccount(jid, new MemoryStore(), nodes);
}

/** Runs on databases in WAL mode with synchronous = FULL, gone afterwards. */
export async function withDatabases<T>(
  run: (open: (name: string) => Promise<SqliteStore>, folder: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'omemo-kit-bench-'));
  const stores: SqliteStore[] = [];
  try {
    return await run(async (name) => {
      const store = await SqliteStore.open({ file: join(folder, name) });
      stores.push(store);
      return store;
    }, folder);
  } finally {
    for (const store of stores) await store.close();
    await rm(folder, { recursive: true });
  }
}
