import { DatabaseSync } from 'node:sqlite';
import { SqliteStore } from '@omemo-kit/storage-sqlite';
import { storeConformance } from '@omemo-kit/store-conformance';
import { driverNames, drivers } from '../support/drivers.ts';
import { copyAsLeft, useTemporaryFolder } from '../support/temporary-folder.ts';

const path = useTemporaryFolder();

for (const name of driverNames) {
  const Database = drivers[name];
  const crashes = new Map<string, number>();
  const fileOf = (place: string): string => path(`${name.replace(':', '-')}-${place}-${crashes.get(place) ?? 0}.db`);
  storeConformance({
    name: `SqliteStore with ${name}`,
    open: (place) => SqliteStore.open({ file: fileOf(place), Database }),
    openSmall: (place) => SqliteStore.open({ file: fileOf(place), Database, maxBytes: 256 * 1024 }),
    makeNewer: (place) => {
      const database = new DatabaseSync(fileOf(place));
      database.exec('PRAGMA user_version = 2');
      database.close();
    },
    crash: (place) => {
      const before = fileOf(place);
      crashes.set(place, (crashes.get(place) ?? 0) + 1);
      copyAsLeft(before, fileOf(place));
    },
  });
}
