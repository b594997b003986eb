/** An error in one line, with its code and what caused it. */
export function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? ` ${String(error.code)}` : '';
  const cause = error.cause === undefined ? '' : ` (${describe(error.cause)})`;
  return `${error.name}${code}: ${error.message}${cause}`;
}
