import { isDeepStrictEqual } from 'node:util';
import { CliError } from '../cli-error.ts';

/** The demo shows nothing that it has not checked: what does not hold ends it. */
export function expect(holds: boolean, what: string): asserts holds {
  if (!holds) throw new CliError('broken-expectation', `expected ${what}`);
}

export function expectEqual<T>(actual: T, expected: T, what: string): void {
  if (isDeepStrictEqual(actual, expected)) return;
  throw new CliError('broken-expectation', `expected ${what}: ${show(expected)}; it was: ${show(actual)}`);
}

const LONGEST = 400;

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}… (${text.length} characters)`;
}
