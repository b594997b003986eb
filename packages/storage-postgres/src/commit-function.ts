/** Raised when the layout is not the one that the caller was written for. */
export const otherLayoutCode = 'OM001';

/** Raised when the transaction looks at one snapshot from its start, and so cannot see what others did before it had its locks. */
export const isolationCode = 'OM002';

/** Keys that are locked one by one; a batch of more takes its accounts as a whole. */
const lockedByKey = 64;

/** Accounts share this many locks, so that a batch of any size fits into the server's lock table. */
const accountLocks = 1024;

/**
 * A commit as one function on the server: one statement, one round trip, one transaction, and no round trip while locks are held.
 * Returns the stale keys; when there are any, nothing was written.
 *
 * Locks are advisory ones on names, since a record that must not exist has no row to lock, and since SERIALIZABLE, which could
 * watch for it, refuses commits of unrelated keys that share an index page. Written keys are locked exclusively, expected ones
 * shared; the account before its keys, and keys in their order, so that no two commits wait for each other. A batch of many keys
 * locks its accounts exclusively instead, which every other one holds shared. Rows are locked on top, for those who change
 * them without this function.
 *
 * Plans are kept, also those made while the table was small, so they are bound to the index; a plan that is so bound looks
 * expensive and would be compiled.
 *
 * Locks are asked for in statements of their own: each later statement then sees all that was committed before they were given.
 */
export function commitFunction(quotedSchema: string): string {
  const records = `${quotedSchema}.records`;
  const layout = `${quotedSchema}.layout`;
  return `
    CREATE FUNCTION ${quotedSchema}.commit_batch(
      expected_layout integer, batch_id bytea, expected_keys text[], expected_revisions bytea[],
      put_keys text[], put_values bytea[], put_versions integer[], removed_keys text[]
    ) RETURNS text[] LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET enable_seqscan = off
    SET jit = off
    AS $function$
    DECLARE
      written_keys CONSTANT text[] := put_keys || removed_keys;
      all_keys CONSTANT text[] := written_keys || expected_keys;
      is_large CONSTANT boolean := cardinality(all_keys) > ${lockedByKey};
      seed CONSTANT bigint := '${records.replaceAll("'", "''")}'::regclass::oid::bigint;
      stale_keys text[];
    BEGIN
      IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'transactions are not READ COMMITTED' USING ERRCODE = '${isolationCode}';
      END IF;
      IF current_setting('synchronous_commit') NOT IN ('on', 'remote_apply') THEN
        PERFORM set_config('synchronous_commit', 'on', true);
      END IF;

      PERFORM CASE WHEN is_large THEN pg_advisory_xact_lock(name) ELSE pg_advisory_xact_lock_shared(name) END
      FROM (
        SELECT DISTINCT hashtextextended(
          ' ' || (hashtextextended(split_part(key, '/', 1), seed) & ${accountLocks - 1}), seed
        ) AS name
        FROM unnest(all_keys) AS key ORDER BY 1
      ) AS accounts;
      IF NOT is_large THEN
        PERFORM CASE WHEN is_written THEN pg_advisory_xact_lock(name) ELSE pg_advisory_xact_lock_shared(name) END
        FROM (
          SELECT hashtextextended(key, seed) AS name, bool_or(is_written) AS is_written
          FROM (
            SELECT key COLLATE "C" AS key, true AS is_written FROM unnest(written_keys) AS key
            UNION ALL SELECT key COLLATE "C", false FROM unnest(expected_keys) AS key
          ) AS named
          GROUP BY key ORDER BY key
        ) AS keys;
      END IF;
      PERFORM 1 FROM ${records} WHERE key = ANY (written_keys) ORDER BY key FOR UPDATE;

      IF (SELECT version FROM ${layout} WHERE only_row) IS DISTINCT FROM expected_layout THEN
        RAISE EXCEPTION 'another layout' USING ERRCODE = '${otherLayoutCode}';
      END IF;
      stale_keys := ARRAY(
        SELECT expected.key
        FROM unnest(expected_keys, expected_revisions) AS expected (key, revision)
        LEFT JOIN ${records} AS record ON record.key = expected.key COLLATE "C"
        WHERE record.revision IS DISTINCT FROM expected.revision
      );
      IF cardinality(stale_keys) > 0 THEN
        RETURN stale_keys;
      END IF;

      INSERT INTO ${records} AS record (key, value, version, revision)
        SELECT put.key, put.value, put.version, batch_id
        FROM unnest(put_keys, put_values, put_versions) AS put (key, value, version)
        ORDER BY put.key COLLATE "C"
        ON CONFLICT (key) DO UPDATE
          SET value = excluded.value, version = excluded.version, revision = excluded.revision;
      DELETE FROM ${records} WHERE key = ANY (removed_keys);
      RETURN stale_keys;
    END
    $function$;
  `;
}
