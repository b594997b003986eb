import { type StoredRecord, StoreError } from '@omemo-kit/omemo-core/ports';
import { messageOf } from './borrowed-client.ts';
import type { PostgresClient } from './postgres-pool.ts';
import { hasCode } from './sql-state.ts';

const columns = 'key, value, version, revision';

/** One statement, and so one moment. */
export async function readRecords(
  client: PostgresClient,
  quotedSchema: string,
  keys: readonly string[],
): Promise<readonly (StoredRecord | undefined)[]> {
  const text = `SELECT ${columns} FROM ${quotedSchema}.records WHERE key = ANY ($1::text[])`;
  const rows = await read(client, text, [keys]);
  const found = new Map(rows.map((row) => [row.key, row]));
  // A key asked twice is answered with arrays of its own each time.
  return keys.map((key) => {
    const row = found.get(key);
    return row && recordOf(row);
  });
}

export interface Page {
  /** Empty for everything. */
  readonly prefix: string;
  /** The last key of the page before, undefined for the first page. */
  readonly after: string | undefined;
  readonly limit: number;
}

/** The next records whose key is the prefix or lies below it, by byte order of their keys. */
export async function readPage(
  client: PostgresClient,
  quotedSchema: string,
  { prefix, after, limit }: Page,
): Promise<readonly StoredRecord[]> {
  const from = prefix === '' ? '' : `${prefix}/`;
  // The character after the slash, and the one after all that a key can have.
  const below = prefix === '' ? '\u007f' : `${prefix}0`;
  const text = `
    SELECT ${columns} FROM (
      SELECT ${columns} FROM ${quotedSchema}.records WHERE key = $1::text
      UNION ALL
      (SELECT ${columns} FROM ${quotedSchema}.records
       WHERE key > $2::text AND key < $3::text ORDER BY key LIMIT $4::integer)
    ) AS page ORDER BY key LIMIT $4::integer`;
  const isFirst = after === undefined;
  // The prefix itself comes before all that is below it.
  const start = isFirst || after === prefix ? from : after;
  const rows = await read(client, text, [isFirst ? prefix : null, start, below, limit]);
  return rows.map(recordOf);
}

interface Row {
  readonly key: string;
  readonly value: Uint8Array;
  readonly version: number;
  readonly revision: Uint8Array;
}

/** The driver's arrays may be views into memory that they share. */
function recordOf({ key, value, version, revision }: Row): StoredRecord {
  return { key, value: new Uint8Array(value), version, revision: new Uint8Array(revision) };
}

async function read(client: PostgresClient, text: string, values: readonly unknown[]): Promise<readonly Row[]> {
  try {
    return (await client.query(text, [...values])).rows;
  } catch (error) {
    // Damaged data, damaged index.
    const code = hasCode(error, 'XX001', 'XX002') ? 'corrupt' : 'unavailable';
    throw new StoreError(code, `PostgreSQL could not be read: ${messageOf(error)}`, { cause: error });
  }
}
