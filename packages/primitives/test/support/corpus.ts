import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

/**
 * The public corpora are not part of the repository: `$OMEMO_CORPORA`, or a folder beside it. Where a file is missing its tests
 * report themselves skipped, by name; where the folder was named and the file is not in it they fail.
 */
const named = process.env['OMEMO_CORPORA'];
const folder = named ?? fileURLToPath(new URL('../../../../../shared/corpora', import.meta.url));

export function describeCorpus<T>(file: string, tests: (corpus: T) => void): void {
  const path = `${folder}/${file}`;
  if (existsSync(path)) {
    describe(file, () => tests(JSON.parse(readFileSync(path, 'utf8')) as T));
  } else if (named !== undefined) {
    test(`corpus ${file} is there`, () => expect.fail('not in the folder that OMEMO_CORPORA names'));
  } else {
    test.skip(`corpus ${file} is missing: set OMEMO_CORPORA to the folder of corpora`, () => {});
  }
}
