/** The five characters by which the server says what went wrong, undefined when it was not the server that said it. */
export function sqlStateOf(error: unknown): string | undefined {
  // Node's own codes of broken connections, such as EPIPE and ECONNRESET, begin with an E and never have a digit.
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^(?=.*\d)[0-9A-Z]{5}$/.test(code) ? code : undefined;
}

export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  const code = sqlStateOf(error);
  return code !== undefined && codes.includes(code);
}
