import type { ConnectionOptions } from '@omemo-kit/backends/postgres';

/** Where a store is, as JSON that a parent process hands to its children. */
export type StoreLocation = SqliteLocation | PostgresLocation;

export interface SqliteLocation {
  readonly backend: 'sqlite';
  readonly file: string;
}

export interface PostgresLocation {
  readonly backend: 'postgres';
  readonly connectionString: string;
}

/** The location of a database of a server whose socket lies in a folder. */
export function postgresLocation({ host, port, user, database }: ConnectionOptions): PostgresLocation {
  const query = `host=${encodeURIComponent(host)}&port=${port}`;
  return { backend: 'postgres', connectionString: `postgresql://${user}@localhost/${database}?${query}` };
}
