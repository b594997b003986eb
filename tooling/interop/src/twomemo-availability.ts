import { spawnSync } from 'node:child_process';

/** Whether a peer can be started here, and if not, what to do about it. */
export type PeerAvailability =
  | { readonly available: true }
  | { readonly available: false; readonly reason: string; readonly install: string };

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
  const modules = JSON.stringify(MODULES);
  const code = `import importlib.util as u; print(' '.join(m for m in ${modules} if u.find_spec(m) is None))`;
  const { error, status, stdout, stderr } = spawnSync(python, ['-E', '-s', '-c', code], { encoding: 'utf8' });
  const unavailable = (reason: string): PeerAvailability => ({ available: false, reason, install: INSTALL });
  if (error !== undefined) return unavailable(`${python} cannot be run: ${error.message}`);
  if (status !== 0) return unavailable(`${python} failed: ${stderr.trim()}`);
  const missing = stdout.trim();
  return missing === '' ? { available: true } : unavailable(`${python} has no module ${missing.replaceAll(' ', ', ')}`);
}
