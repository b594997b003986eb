import { verificationString } from '@omemo-kit/transport-stanzas';
import type { Element } from 'ltx';
import type { Connection } from './connection.ts';
import { NS_CAPS, NS_DISCO_INFO } from './namespaces.ts';
import { sendLastItems } from './pep-events.ts';
import type { Realm } from './realm.ts';
import { attribute, xml } from './stanza.ts';

const ASKED = 'disco';

/**
 * Learns from the capabilities in a presence which nodes a resource wants events of, and brings it their last items
 * (XEP-0163 4.3). Capabilities that nobody has shown before are asked for (XEP-0115 6.2).
 */
export function noteCapabilities(realm: Realm, connection: Connection, presence: Element): void {
  const capabilities = presence.getChild('c', NS_CAPS);
  const ver = attribute(capabilities, 'ver');
  // As Prosody: sha-1 only, and a presence without them leaves what was known.
  if (capabilities === undefined || ver === undefined || attribute(capabilities, 'hash') !== 'sha-1') return;
  const known = realm.wanted.get(ver);
  if (known !== undefined) {
    want(realm, connection, known);
    return;
  }
  const node = `${attribute(capabilities, 'node') ?? ''}#${ver}`;
  const query = xml('query', { xmlns: NS_DISCO_INFO, node });
  connection.deliver(xml('iq', { type: 'get', id: ASKED, from: connection.bareJid, to: connection.jid }, query));
}

/** Takes in what a resource answered; anything else is no answer to a question of this server. */
export function noteDiscoAnswer(realm: Realm, connection: Connection, iq: Element): void {
  const query = iq.getChild('query', NS_DISCO_INFO);
  if (attribute(iq, 'id') !== ASKED || attribute(iq, 'type') !== 'result' || query === undefined) return;
  const features = query.getChildren('feature').map((feature) => attribute(feature, 'var') ?? '');
  const wanted = features.flatMap((feature) => (feature.endsWith('+notify') ? [feature.slice(0, -7)] : []));
  const identities = query.getChildren('identity').map(({ attrs }) => ({
    ...{ category: String(attrs['category'] ?? ''), type: String(attrs['type'] ?? '') },
    ...(attrs['name'] === undefined ? {} : { name: String(attrs['name']) }),
  }));
  // Under what the answer says, not under what the presence claimed (XEP-0115 5.4).
  realm.wanted.set(verificationString(identities, features), wanted);
  want(realm, connection, wanted);
}

function want(realm: Realm, connection: Connection, nodes: readonly string[]): void {
  const before = connection.notify;
  connection.notify = nodes;
  if (before !== 'all') sendLastItems(realm, connection, (node) => !before.includes(node));
}
