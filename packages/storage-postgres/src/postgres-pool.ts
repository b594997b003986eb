/**
 * What the store needs of a pool of connections. The `Pool` of `pg` has it; so has a wrapper of your own. Named by shape, so
 * that nobody needs the types of `pg`.
 */
export interface PostgresPool {
  connect(): Promise<PostgresClient>;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

/** A connection borrowed from a pool. */
export interface PostgresClient {
  query(text: string, values?: unknown[]): Promise<PostgresResult>;
  /** Gives it back; with an error the pool must close it instead of lending it again. */
  release(error?: Error | boolean): void;
  on(event: 'error', listener: (error: Error) => void): unknown;
  removeListener(event: 'error', listener: (error: Error) => void): unknown;
}

export interface PostgresResult {
  // biome-ignore lint/suspicious/noExplicitAny: rows are what the statement says, and every driver types them so.
  readonly rows: any[];
}
