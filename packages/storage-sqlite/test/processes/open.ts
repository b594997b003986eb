// Opens a store with the driver of the runtime and prints how that went.
import { SqliteStore } from '@omemo-kit/storage-sqlite';

try {
  const store = await SqliteStore.open({ file: process.argv[2]! });
  await store.commit({ id: new Uint8Array(16), expect: [], put: [], remove: ['a'] });
  console.log('opened');
  process.kill(process.pid, 'SIGKILL');
} catch (error) {
  console.log((error as { code?: string }).code, (error as Error).message);
}
