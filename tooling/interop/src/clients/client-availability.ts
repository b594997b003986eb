import type { PeerAvailability } from '../peer-availability.ts';
import { missingModules } from '../python-modules.ts';
import { peerPython } from '../twomemo-availability.ts';
import { debian13Tree } from './debian13-tree.ts';

const SLIXMPP_INSTALL = 'apt-get install -y --no-install-recommends python3-slixmpp python3-twomemo python3-xmlschema';

/** Looks for slixmpp and python-twomemo in the interpreter of the peers. */
export function slixmppAvailability(python: string = peerPython()): PeerAvailability {
  const reason = missingModules(python, ['slixmpp', 'twomemo', 'xmlschema']);
  return reason === undefined ? { available: true } : { available: false, reason, install: SLIXMPP_INSTALL };
}

// 1.1 GB, and root to make it: never required, not even by OMEMO_REQUIRE_PEERS.
const QXMPP_INSTALL =
  'tooling/interop/debian13/make-root.sh ROOT && export OMEMO_DEBIAN13_ROOT=ROOT (as root, needs debootstrap; 1.1 GB)';

/** Whether `OMEMO_DEBIAN13_ROOT` names a tree with the QXmpp client in it. */
export function qxmppAvailability(env?: Readonly<Record<string, string | undefined>>): PeerAvailability {
  const tree = debian13Tree(env);
  return typeof tree === 'string' ? { available: false, reason: tree, install: QXMPP_INSTALL } : { available: true };
}
