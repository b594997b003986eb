import { accessSync, constants, globSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { PeerAvailability } from '../peer-availability.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Whether there is a `prosody` on the PATH. */
export function prosodyAvailability(env: Environment = process.env): PeerAvailability {
  return onPath('prosody', env) ? { available: true } : missing('no prosody on the PATH', 'prosody');
}

/** Whether there is an `erl` on the PATH, and ejabberd among Erlang's packages. */
export function ejabberdAvailability(env: Environment = process.env): PeerAvailability {
  if (!onPath('erl', env)) return missing('no erl on the PATH', 'ejabberd');
  return ejabberdCode() === undefined ? missing('no ejabberd in /usr/lib', 'ejabberd') : { available: true };
}

/** The folder of ejabberd's compiled modules, as Debian has it. */
export function ejabberdCode(): string | undefined {
  return globSync('/usr/lib/*/ejabberd-*/ebin').at(-1);
}

function missing(reason: string, packages: string): PeerAvailability {
  return { available: false, reason, install: `apt-get install -y --no-install-recommends ${packages}` };
}

function onPath(program: string, env: Environment): boolean {
  return (env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return folder !== '';
    } catch {
      return false;
    }
  });
}
