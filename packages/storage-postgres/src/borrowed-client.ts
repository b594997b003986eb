import { StoreError } from '@omemo-kit/omemo-core/ports';
import type { PostgresClient, PostgresPool } from './postgres-pool.ts';

const guarded = new WeakSet<PostgresPool>();

/** A pool says with an `error` event that an idle connection was lost; without a listener that ends the process. */
function guardPool(pool: PostgresPool): void {
  if (guarded.has(pool)) return;
  guarded.add(pool);
  pool.on('error', ignore);
}

/**
 * Lends a connection for one piece of work. When the work fails the connection is closed rather than lent again: nobody knows
 * what state it is in, and a new one costs little beside that.
 *
 * @throws StoreError `unavailable` when none can be had, in which case the work was not begun.
 */
export async function withClient<Result>(
  pool: PostgresPool,
  work: (client: PostgresClient) => Promise<Result>,
): Promise<Result> {
  guardPool(pool);
  const client = await connect(pool);
  // A connection that dies tells its queries and, besides, everybody who listens, or nobody and ends the process.
  client.on('error', ignore);
  let failure: Error | undefined;
  try {
    return await work(client);
  } catch (error) {
    failure = error instanceof Error ? error : new StoreError('unavailable', String(error));
    throw error;
  } finally {
    client.release(failure);
    // The pool has its own listener again.
    client.removeListener('error', ignore);
  }
}

async function connect(pool: PostgresPool): Promise<PostgresClient> {
  try {
    return await pool.connect();
  } catch (error) {
    throw new StoreError('unavailable', `no connection to PostgreSQL: ${messageOf(error)}`, { cause: error });
  }
}

export function messageOf(error: unknown): string {
  // A refused connection to several addresses has no message of its own.
  if (error instanceof AggregateError && error.message === '') return error.errors.map(messageOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}

function ignore(): void {}
