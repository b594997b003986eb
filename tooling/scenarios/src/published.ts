import { NS_OMEMO } from '@omemo-kit/omemo-wire';
import type { Element } from 'ltx';
import type { Client } from './client.ts';
import type { World } from './world.ts';

const BUNDLES = 'urn:xmpp:omemo:2:bundles';

/** What the server shows as a client's bundle. */
function publishedBundle(world: World, client: Client): Element {
  const item = world.server.node(client.jid, BUNDLES)?.items.get(String(client.omemo.deviceId));
  if (item === undefined) throw new TypeError(`${client.jid} has published no bundle`);
  return item;
}

/** Id of the signed pre-key that the server shows. */
export function publishedSignedPreKey(world: World, client: Client): number {
  return Number(publishedBundle(world, client).getChild('spk', NS_OMEMO)?.attrs['id']);
}

/** Ids of the pre-keys that the server shows. */
export function publishedPreKeys(world: World, client: Client): number[] {
  const preKeys = publishedBundle(world, client).getChild('prekeys', NS_OMEMO)?.getChildElements() ?? [];
  return preKeys.map(({ attrs }) => Number(attrs['id']));
}

/** Counts what a client sends to the server from now on. */
export function countSent(world: World, client: Client) {
  const counts = { bundles: 0, messages: 0 };
  world.server.watch(({ direction, jid, stanza }) => {
    if (direction !== 'to-server' || jid !== client.connection.jid) return;
    if (stanza.getName() === 'message') counts.messages += 1;
    const publish = stanza.getChild('pubsub', 'http://jabber.org/protocol/pubsub')?.getChild('publish');
    if (publish?.attrs['node'] === BUNDLES) counts.bundles += 1;
  });
  return counts;
}
