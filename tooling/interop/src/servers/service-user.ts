import { readFileSync } from 'node:fs';
import { InteropError } from '../interop-error.ts';

/** Who runs a server: nothing for the user that we are. */
export interface ServiceUser {
  readonly uid?: number;
  readonly gid?: number;
}

/** Servers do not run as root: then as the user that their package made, or as `nobody`. @throws {InteropError} `peer-unavailable`. */
export function serviceUser(name: string): ServiceUser {
  if (process.getuid?.() !== 0) return {};
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  for (const user of [name, 'nobody']) {
    const fields = lines.find((line) => line.startsWith(`${user}:`))?.split(':');
    if (fields !== undefined) return { uid: Number(fields[2]), gid: Number(fields[3]) };
  }
  throw new InteropError(
    'peer-unavailable',
    `${name} does not run as root, and there is neither a user ${name} nor nobody`,
  );
}
