// Increments one counter as often as it is told, against others that do the same.
import { StoreError } from '@omemo-kit/omemo-core/ports';
import { SqliteStore } from '@omemo-kit/storage-sqlite';
import { type DriverName, drivers } from '../support/drivers.ts';

const [, , file, driver, times] = process.argv;
const store = await SqliteStore.open({ file: file!, Database: drivers[driver as DriverName], busyTimeout: 60_000 });
let conflicts = 0;
for (let done = 0; done < Number(times); ) {
  const [record] = await store.get(['counter']);
  const value = new Uint8Array(4);
  new DataView(value.buffer).setUint32(
    0,
    (record === undefined ? 0 : new DataView(record.value.buffer).getUint32(0)) + 1,
  );
  try {
    await store.commit({
      id: crypto.getRandomValues(new Uint8Array(16)),
      expect: [{ key: 'counter', revision: record?.revision ?? null }],
      put: [{ key: 'counter', value, version: 1 }],
      remove: [],
    });
    done++;
  } catch (error) {
    if (!(error instanceof StoreError && error.code === 'conflict')) throw error;
    conflicts++;
  }
}
await store.close();
console.log(`${times} increments, ${conflicts} conflicts`);
