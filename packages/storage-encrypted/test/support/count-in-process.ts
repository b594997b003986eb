import { StoreError } from '@omemo-kit/omemo-core/ports';
import { SqliteStore } from '@omemo-kit/storage-sqlite';
import { EncryptedStore } from '../../src/encrypted-store.ts';
import { batch } from './batches.ts';

/** A process of its own: opens the file under the passphrase, makes it if need be, and counts up one record. */
const [file, passphrase, increments] = process.argv.slice(2) as [string, string, string];
const argon2 = { memoryKiB: 7 * 1024, iterations: 5, parallelism: 1 };
const store = await EncryptedStore.open({ store: await SqliteStore.open({ file }), passphrase, argon2 });
for (let done = 0; done < Number(increments); ) {
  const [record] = await store.get(['alice/counter']);
  const value = Uint8Array.of((record?.value[0] ?? 0) + 1);
  const expect = [{ key: 'alice/counter', revision: record?.revision ?? null }];
  try {
    await store.commit(batch({ expect, put: [{ key: 'alice/counter', value, version: 1 }] }));
    done++;
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== 'conflict') throw error;
  }
}
await store.close();
