import { StoreError } from '@omemo-kit/omemo-core/ports';
import { commitFunction } from './commit-function.ts';

/** The layout of the tables that this release reads and writes. */
export const layoutVersion = 1;

/** Schema that is used when none is named. */
export const defaultSchema = 'omemo_kit';

/** Longest name that PostgreSQL does not cut, bytes. */
const longestName = 63;

/** The name as it stands in a statement. @throws StoreError `unavailable` when no schema can have it. */
export function quoteSchema(schema: string): string {
  const length = new TextEncoder().encode(schema).length;
  if (length === 0 || length > longestName || schema.includes('\0')) {
    throw new StoreError(
      'unavailable',
      `no name for a schema, which has 1 to ${longestName} bytes: ${JSON.stringify(schema)}`,
    );
  }
  return `"${schema.replaceAll('"', '""')}"`;
}

/**
 * Everything of layout 1 in an empty schema.
 *
 * Keys compare by bytes whatever the language of the database. Values are never compressed: they are mostly keys and
 * ciphertext. A record changes in place as long as its page has room, and no index is on what changes.
 */
export function createLayout(quotedSchema: string): string {
  return `
    CREATE TABLE ${quotedSchema}.layout (
      only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
      version integer NOT NULL
    );
    CREATE TABLE ${quotedSchema}.records (
      key text COLLATE "C" PRIMARY KEY,
      value bytea NOT NULL,
      version integer NOT NULL CHECK (version BETWEEN 0 AND 65535),
      revision bytea NOT NULL CHECK (octet_length(revision) = 16)
    ) WITH (fillfactor = 80);
    ALTER TABLE ${quotedSchema}.records ALTER value SET STORAGE EXTERNAL;
    ${commitFunction(quotedSchema)}
    INSERT INTO ${quotedSchema}.layout (version) VALUES (1);
  `;
}
