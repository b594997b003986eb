/** Primary result codes that are told apart; https://sqlite.org/rescode.html has the numbers. */
const names = {
  1: 'ERROR',
  3: 'PERM',
  5: 'BUSY',
  6: 'LOCKED',
  7: 'NOMEM',
  8: 'READONLY',
  10: 'IOERR',
  11: 'CORRUPT',
  13: 'FULL',
  14: 'CANTOPEN',
  18: 'TOOBIG',
  26: 'NOTADB',
} as const;

export type ResultCode = (typeof names)[keyof typeof names];

const known: ReadonlySet<string> = new Set(Object.values(names));

/**
 * The primary result code of SQLite behind an error of a driver. node:sqlite has the extended number in `errcode`,
 * better-sqlite3 its name in `code`, such as `SQLITE_IOERR_FSYNC`.
 */
export function resultCodeOf(error: unknown): ResultCode | undefined {
  if (!(error instanceof Error)) return undefined;
  const { errcode, code } = error as { errcode?: unknown; code?: unknown };
  if (typeof errcode === 'number') return names[(errcode & 0xff) as keyof typeof names];
  const [, name] = typeof code === 'string' ? (/^SQLITE_([A-Z]+)/.exec(code) ?? []) : [];
  return name !== undefined && known.has(name) ? (name as ResultCode) : undefined;
}

/** Whether another connection is in the way, for now. */
export function isBusy(error: unknown): boolean {
  const code = resultCodeOf(error);
  return code === 'BUSY' || code === 'LOCKED';
}
