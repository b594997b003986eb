// Commits one record after the other and prints what became of each, written at once so that a trace has the order right.
import { writeSync } from 'node:fs';
import { StoreError } from '@omemo-kit/omemo-core/ports';
import { SqliteStore } from '@omemo-kit/storage-sqlite';
import { type DriverName, drivers } from '../support/drivers.ts';

const [, , file, driver, times, end] = process.argv;
const store = await SqliteStore.open({ file: file!, Database: drivers[driver as DriverName] });
for (let i = 0; i < Number(times); i++) {
  const put = [{ key: `k/${i}`, value: new Uint8Array(200).fill(i), version: 1 }];
  const outcome = await store
    .commit({ id: new Uint8Array(16).fill(i), expect: [], put, remove: [] })
    .then(() => 'committed')
    .catch((error: unknown) => (error instanceof StoreError ? error.code : String(error)));
  writeSync(1, `${i} ${outcome}\n`);
}
const keys = Array.from({ length: Number(times) }, (_, i) => `k/${i}`);
const found = (await store.get(keys)).flatMap((record, i) => (record === undefined ? [] : [i]));
writeSync(1, `found ${found}\n`);
if (end === 'killed') process.kill(process.pid, 'SIGKILL');
await store.close();
