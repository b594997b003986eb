import { omemo2, type Transport } from '@omemo-kit/omemo-core';
import { type Element, parse } from 'ltx';
import { NodeMap, transportOn } from '../core/node-map.ts';
import type { MadeRoom } from './made-room.ts';

const NS_DISCO_INFO = 'http://jabber.org/protocol/disco#info';
const NS_MUC_ADMIN = 'http://jabber.org/protocol/muc#admin';

/**
 * Answers the account `jid` at once, from elements that were parsed before: the network, and what a library does to read it, take no part in
 * what is measured. No answer is a task of its own, as each would be that came over a connection, so that all that slices tasks is our doing.
 */
export function memoryTransport(jid: string, { members, bundles }: MadeRoom): Transport {
  const nodes = new NodeMap();
  for (const { jid: member, deviceIds } of members) {
    const list = omemo2.elements.writeDevices(deviceIds.map((id) => ({ id })));
    nodes.put(member, omemo2.devicesNode, { id: 'current', payload: list });
    for (const id of deviceIds) {
      nodes.put(member, omemo2.bundlesNode, { id: String(id), payload: parse(bundles[id] ?? '') });
    }
  }
  const configuration = parse(
    `<iq type="result"><query xmlns="${NS_DISCO_INFO}"><feature var="muc_nonanonymous"/><feature var="muc_membersonly"/></query></iq>`,
  );
  const lists = members.map((member) => `<item affiliation="member" jid="${member.jid}"/>`).join('');
  const memberList = parse(`<iq type="result"><query xmlns="${NS_MUC_ADMIN}">${lists}</query></iq>`);
  const noList = parse(`<iq type="result"><query xmlns="${NS_MUC_ADMIN}"/></iq>`);
  return {
    // What the account publishes it finds again.
    ...transportOn(nodes, jid, []),
    request: async (iq: Element) => {
      if (iq.getChild('query', NS_DISCO_INFO) !== undefined) return configuration;
      const asked = iq.getChild('query', NS_MUC_ADMIN)?.getChild('item')?.attrs['affiliation'];
      return asked === 'member' ? memberList : noList;
    },
  };
}
