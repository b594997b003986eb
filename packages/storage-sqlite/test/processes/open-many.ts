// Opens one new file after the other, each at the moment when others that do the same open it too, and prints how that went.
import { join } from 'node:path';
import { SqliteStore } from '@omemo-kit/storage-sqlite';

const [, , folder, times, start] = process.argv;
/** Milliseconds from one file to the next. */
const beat = 25;
for (let n = 0; n < Number(times); n++) {
  while (Date.now() < Number(start) + n * beat);
  try {
    const store = await SqliteStore.open({ file: join(folder!, `${n}.db`) });
    await store.close();
    console.log('opened');
  } catch (error) {
    console.log((error as Error).message);
  }
}
