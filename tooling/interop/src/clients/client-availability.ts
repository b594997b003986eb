import type { PeerAvailability } from '../peer-availability.ts';
import { missingModules } from '../python-modules.ts';
import { peerPython } from '../twomemo-availability.ts';

const SLIXMPP_INSTALL = 'apt-get install -y --no-install-recommends python3-slixmpp python3-twomemo python3-xmlschema';

/** Looks for slixmpp and python-twomemo in the interpreter of the peers. */
export function slixmppAvailability(python: string = peerPython()): PeerAvailability {
  const reason = missingModules(python, ['slixmpp', 'twomemo', 'xmlschema']);
  return reason === undefined ? { available: true } : { available: false, reason, install: SLIXMPP_INSTALL };
}
