import { type Batch, StoreError } from '@omemo-kit/omemo-core/ports';
import { messageOf } from './borrowed-client.ts';
import { bytea, byteaOrNull } from './bytea.ts';
import { isolationError, newerLayout } from './check-database.ts';
import { isolationCode, otherLayoutCode } from './commit-function.ts';
import { layoutVersion } from './layout.ts';
import type { PostgresClient } from './postgres-pool.ts';
import { hasCode, sqlStateOf } from './sql-state.ts';

/** Serialization failure, deadlock, unique violation: others were in the way. */
const conflictCodes = ['40001', '40P01', '23505'];

/** Sends the batch as one statement, which is its own transaction. Resolves when it is durable. */
export async function commitBatch(
  client: PostgresClient,
  quotedSchema: string,
  batch: Batch,
): Promise<readonly string[]> {
  const { id, expect, put, remove } = batch;
  const text = `SELECT ${quotedSchema}.commit_batch($1, $2, $3, $4, $5, $6, $7, $8) AS stale`;
  const values = [
    layoutVersion,
    bytea(id),
    expect.map(({ key }) => key),
    expect.map(({ revision }) => byteaOrNull(revision)),
    put.map(({ key }) => key),
    put.map(({ value }) => bytea(value)),
    put.map(({ version }) => version),
    remove,
  ];
  try {
    const { rows } = await client.query(text, values);
    return rows[0].stale;
  } catch (error) {
    throw await commitError(error, { client, quotedSchema, batch });
  }
}

interface FailedCommit {
  readonly client: PostgresClient;
  readonly quotedSchema: string;
  readonly batch: Batch;
}

/**
 * A backend that goes on answering after an error has rolled the statement back. One that is gone may have made it durable
 * before, whatever it said last: an order to shut down can come between the commit and its answer.
 */
async function commitError(error: unknown, failed: FailedCommit): Promise<StoreError> {
  const options = { cause: error };
  const unknown = new StoreError('indeterminate', `the connection died under a commit: ${messageOf(error)}`, options);
  if (sqlStateOf(error) === undefined || endsConnection(error)) return unknown;
  let stale: readonly string[];
  try {
    stale = await staleKeys(failed);
  } catch (second) {
    // A layout that is gone answers with an error too.
    if (sqlStateOf(second) === undefined || endsConnection(second)) return unknown;
    stale = [];
  }
  const message = `PostgreSQL refused a commit: ${messageOf(error)}`;
  if (hasCode(error, otherLayoutCode)) return newerLayout();
  if (hasCode(error, isolationCode)) return isolationError();
  if (hasCode(error, ...conflictCodes)) return new StoreError('conflict', message, { ...options, keys: stale });
  if (hasCode(error, '53100')) return new StoreError('quota', message, options);
  if (hasCode(error, 'XX001', 'XX002')) return new StoreError('corrupt', message, options);
  return new StoreError('unavailable', message, options);
}

/** Connection exceptions, shutdowns, "completion unknown", and whatever ended the backend. */
function endsConnection(error: unknown): boolean {
  const code = sqlStateOf(error) ?? '';
  if (code.startsWith('08') || code.startsWith('57P') || code === '40003') return true;
  const severity: unknown = error instanceof Error && 'severity' in error ? error.severity : undefined;
  return severity === 'FATAL' || severity === 'PANIC';
}

async function staleKeys({ client, quotedSchema, batch }: FailedCommit): Promise<readonly string[]> {
  const { rows } = await client.query(
    `SELECT expected.key FROM unnest($1::text[], $2::bytea[]) AS expected (key, revision)
     LEFT JOIN ${quotedSchema}.records AS record ON record.key = expected.key COLLATE "C"
     WHERE record.revision IS DISTINCT FROM expected.revision`,
    [batch.expect.map(({ key }) => key), batch.expect.map(({ revision }) => byteaOrNull(revision))],
  );
  return rows.map(({ key }) => key);
}
