import { readFileSync } from 'node:fs';
import { PostgresError } from './postgres-error.ts';

/** Who runs the server: nothing for the user that we are. */
export interface ServerUser {
  readonly uid?: number;
  readonly gid?: number;
}

/** The server refuses to run as root; then it runs as `postgres`, or as `nobody`. @throws PostgresError `unavailable`. */
export function serverUser(): ServerUser {
  if (process.getuid?.() !== 0) return {};
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  for (const name of ['postgres', 'nobody']) {
    const fields = lines.find((line) => line.startsWith(`${name}:`))?.split(':');
    if (fields !== undefined) return { uid: Number(fields[2]), gid: Number(fields[3]) };
  }
  throw new PostgresError(
    'unavailable',
    'PostgreSQL does not run as root, and there is neither a user postgres nor nobody',
  );
}
