import { type BareJid, createElement } from '@omemo-kit/omemo-wire';
import type { AccountContext } from '../context.ts';
import type { RoomRecord } from '../records/room.ts';
import { NS_OCCUPANT_ID, textAttribute } from './room-stanza.ts';

const NS_DISCO_INFO = 'http://jabber.org/protocol/disco#info';

export type RoomConfiguration = Pick<RoomRecord, 'anonymity' | 'access' | 'occupantIds'>;

/**
 * Asks a room how it is configured (XEP-0045 6.4). What it does not say is taken for the worse.
 *
 * @throws TransportError when it does not answer, or is not there.
 */
export async function askConfiguration(
  { transport }: AccountContext,
  room: BareJid,
  signal?: AbortSignal,
): Promise<RoomConfiguration> {
  const iq = createElement('iq', { xmlns: 'jabber:client', type: 'get', to: room });
  iq.c('query', { xmlns: NS_DISCO_INFO });
  const answer = await transport.request(iq, signal);
  const features = answer.getChild('query', NS_DISCO_INFO)?.getChildren('feature', NS_DISCO_INFO) ?? [];
  const has = (name: string) => features.some((feature) => textAttribute(feature, 'var') === name);
  return {
    anonymity: has('muc_nonanonymous') ? 'non-anonymous' : 'anonymous',
    access: has('muc_membersonly') ? 'members-only' : 'open',
    occupantIds: has(NS_OCCUPANT_ID),
  };
}
