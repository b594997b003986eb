import { accessSync, constants, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export type PostgresAvailability =
  | { readonly available: true; readonly programs: string }
  | { readonly available: false; readonly name: string; readonly reason: string; readonly install: string };

/** Where Debian keeps a folder for each version. */
const versionsFolder = '/usr/lib/postgresql';

/**
 * Whether there is a PostgreSQL server to start: `OMEMO_PG_BIN` when it is set, else the folder of `PATH` that has it, else
 * the newest of Debian's. `programs` is the folder of `initdb` and `pg_ctl`.
 */
export function postgresAvailability(
  env: Readonly<Record<string, string | undefined>> = process.env,
): PostgresAvailability {
  const chosen = env['OMEMO_PG_BIN'];
  const isChosen = chosen !== undefined && chosen !== '';
  const folders = isChosen ? [chosen] : [...(env['PATH'] ?? '').split(delimiter).filter(Boolean), ...debianFolders()];
  const programs = folders.find((folder) => ['initdb', 'pg_ctl', 'postgres'].every((name) => runs(join(folder, name))));
  if (programs !== undefined) return { available: true, programs };
  const reason = isChosen ? `OMEMO_PG_BIN has no initdb and pg_ctl: ${chosen}` : 'no initdb and pg_ctl';
  return {
    available: false,
    name: 'postgres',
    reason,
    install: 'apt-get install -y --no-install-recommends postgresql',
  };
}

function debianFolders(): readonly string[] {
  try {
    const versions = readdirSync(versionsFolder).map(Number).filter(Number.isFinite);
    return versions.sort((a, b) => b - a).map((version) => join(versionsFolder, String(version), 'bin'));
  } catch {
    return [];
  }
}

function runs(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
