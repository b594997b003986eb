import { omemo2, type PubsubItem, type Transport, TransportError } from '@omemo-kit/omemo-core';
import { type Element, parse } from 'ltx';
import type { MadeRoom } from './made-room.ts';

const NS_DISCO_INFO = 'http://jabber.org/protocol/disco#info';
const NS_MUC_ADMIN = 'http://jabber.org/protocol/muc#admin';

/**
 * Answers at once, from elements that were parsed before: the network, and what a library does to read it, take no part in what is measured.
 * No answer is a task of its own, as each would be that came over a connection, so that all that slices tasks is our doing.
 */
export function memoryTransport({ members, bundles }: MadeRoom): Transport {
  const items = new Map<string, PubsubItem>();
  for (const { jid, deviceIds } of members) {
    const list = omemo2.elements.writeDevices(deviceIds.map((id) => ({ id })));
    items.set(`${jid} ${omemo2.devicesNode}`, { id: 'current', payload: list });
    for (const id of deviceIds) {
      const payload = parse(bundles[id] ?? '');
      items.set(`${jid} ${omemo2.bundlesNode} ${id}`, { id: String(id), payload });
    }
  }
  const configuration = parse(
    `<iq type="result"><query xmlns="${NS_DISCO_INFO}"><feature var="muc_nonanonymous"/><feature var="muc_membersonly"/></query></iq>`,
  );
  const lists = members.map(({ jid }) => `<item affiliation="member" jid="${jid}"/>`).join('');
  const memberList = parse(`<iq type="result"><query xmlns="${NS_MUC_ADMIN}">${lists}</query></iq>`);
  const noList = parse(`<iq type="result"><query xmlns="${NS_MUC_ADMIN}"/></iq>`);
  return {
    fetch: async ({ jid, node, itemIds }) => {
      const ids = node === omemo2.bundlesNode ? (itemIds ?? []).map((id) => ` ${id}`) : [''];
      const found = ids.flatMap((id) => items.get(`${jid} ${node}${id}`) ?? []);
      if (found.length === 0) throw new TransportError('item-not-found');
      return found;
    },
    request: async (iq: Element) => {
      if (iq.getChild('query', NS_DISCO_INFO) !== undefined) return configuration;
      const asked = iq.getChild('query', NS_MUC_ADMIN)?.getChild('item')?.attrs['affiliation'];
      return asked === 'member' ? memberList : noList;
    },
    publish: async () => {},
    configure: async () => {},
    retract: async () => {},
    send: async () => 'accepted',
  };
}
