import type { PostgresClient } from './postgres-pool.ts';

/** The version of the layout in this schema, undefined when it has none. */
export async function readLayoutVersion(client: PostgresClient, quotedSchema: string): Promise<number | undefined> {
  const table = `${quotedSchema}.layout`;
  const { rows } = await client.query('SELECT to_regclass($1) IS NOT NULL AS there', [table]);
  if (!rows[0].there) return undefined;
  const { rows: versions } = await client.query(`SELECT version FROM ${table}`);
  return versions[0]?.version;
}
