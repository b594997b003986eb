import { CliError } from '../cli-error.ts';

/** Where the user wants records to be kept. */
export type StoreChoice =
  | { readonly kind: 'data-directory' }
  | { readonly kind: 'memory' }
  | { readonly kind: 'file'; readonly file: string };

/** What to do where records cannot be kept. */
export const OTHER_STORES = '--store memory keeps them in memory, --store FILE in a new file';

/**
 * Reads the value of `--store`. A file has a dot or a slash in its name, so that a word misspelt does not make one.
 *
 * @throws CliError `usage`
 */
export function storeChoice(value: string | undefined): StoreChoice {
  if (value === undefined) return { kind: 'data-directory' };
  if (value === 'memory') return { kind: 'memory' };
  if (/[./\\]/.test(value)) return { kind: 'file', file: value };
  throw new CliError('usage', `there is no store "${value}"`, {
    hint: 'the store is memory, or a file with a dot or a slash in its name',
  });
}
