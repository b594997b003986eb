import type { PeerAvailability } from './peer-availability.ts';
import { missingModules } from './python-modules.ts';

const INSTALL = 'apt-get install -y --no-install-recommends python3-twomemo python3-xmlschema';
const MODULES = ['twomemo', 'xmlschema'];

/** The interpreter of the system: another `python3` on the PATH would not see the packages of the distribution. */
export const SYSTEM_PYTHON = '/usr/bin/python3';

/** The interpreter of the peer unless told otherwise: `$OMEMO_PEER_PYTHON`, or that of the system. */
export function peerPython(): string {
  return process.env['OMEMO_PEER_PYTHON'] ?? SYSTEM_PYTHON;
}

/** Looks for the interpreter and for python-twomemo and xmlschema in it, without loading them (about 20 ms). */
export function twomemoAvailability(python: string = peerPython()): PeerAvailability {
  const reason = missingModules(python, MODULES);
  return reason === undefined ? { available: true } : { available: false, reason, install: INSTALL };
}
