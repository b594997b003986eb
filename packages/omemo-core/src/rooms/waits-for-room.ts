import { bareJidOf } from '@omemo-kit/omemo-wire';
import type { Element } from 'ltx';
import type { AccountContext } from '../context.ts';
import { roomRecord } from '../records/room.ts';
import { textAttribute } from './room-stanza.ts';

/** Whether a stanza is for a room that was not entered since the connection is new: it would only come back (XEP-0045 7.4). */
export async function waitsForRoom(context: AccountContext, stanza: Element): Promise<boolean> {
  const to = textAttribute(stanza, 'to');
  if (to === undefined || textAttribute(stanza, 'type') !== 'groupchat') return false;
  const room = bareJidOf(to);
  if (context.rooms.get(room)?.joined) return false;
  const record = await context.transact((unit) => unit.get(roomRecord, context.keys.room(room)));
  return record?.lists === 'stale';
}
