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
