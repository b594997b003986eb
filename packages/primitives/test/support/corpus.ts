import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

/**
 * The public corpora are not part of the repository: `$OMEMO_CORPORA`, or a folder beside it. Where a file is missing its tests
 * report themselves skipped, by name; with OMEMO_REQUIRE_PEERS=1 they fail.
 */
const folder = process.env['OMEMO_CORPORA'] ?? fileURLToPath(new URL('../../../../../shared/corpora', import.meta.url));
const required = process.env['OMEMO_REQUIRE_PEERS'] === '1';

export function describeCorpus<T>(file: string, tests: (corpus: T) => void): void {
  const path = `${folder}/${file}`;
  if (existsSync(path)) {
    describe(file, () => tests(JSON.parse(readFileSync(path, 'utf8')) as T));
  } else if (required) {
    test(`corpus ${file} is there`, () => expect.fail(`missing, and OMEMO_REQUIRE_PEERS=1; set OMEMO_CORPORA`));
  } else {
    test.skip(`corpus ${file} is missing: set OMEMO_CORPORA to the folder of corpora`, () => {});
  }
}
