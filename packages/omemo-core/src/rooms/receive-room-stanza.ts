import type { Element } from 'ltx';
import type { AccountContext } from '../context.ts';
import { type RoomRecord, roomRecord } from '../records/room.ts';
import type { UnitOfWork } from '../storage/unit-of-work.ts';
import { knownRoom } from './known-room.ts';
import { difference, withChanges } from './members.ts';
import type { RoomMembersEvent } from './room-event.ts';
import type { Told } from './room-presence.ts';
import { readRoomNews } from './room-stanza.ts';

/**
 * Takes in what a room of ours tells of its occupants, of affiliations that were given and taken, and of its configuration
 * (XEP-0384 5.8.1: "Once joined a participant MUST keep track of affiliation changes", R106). Undefined for any other stanza, and
 * for one of an address that is no room of ours, which may only look like one.
 *
 * @throws WireError
 */
export async function receiveRoomStanza(
  context: AccountContext,
  stanza: Element,
  signal?: AbortSignal,
): Promise<RoomMembersEvent | 'nothing-new' | undefined> {
  const news = readRoomNews(stanza);
  if (news === undefined) return undefined;
  const presence = await knownRoom(context, news.room, signal).catch((error: unknown) => {
    context.rooms.noteLossOfUnknown();
    throw error;
  });
  if (presence === undefined) return undefined;
  const told = presence.take(news, context.now());
  if (told.changes.length === 0 && told.state === 'current' && !told.anonymous) return 'nothing-new';
  try {
    return await context.transact((unit) => noteTold(context, unit, { room: news.room, told }), signal);
  } catch (error) {
    // The room does not tell twice: whoever it took out would go on getting keys.
    presence.noteLoss();
    throw error;
  }
}

async function noteTold(
  context: AccountContext,
  unit: UnitOfWork,
  { room, told }: { readonly room: string; readonly told: Told },
): Promise<RoomMembersEvent | 'nothing-new'> {
  const key = context.keys.room(room);
  const before = await unit.get(roomRecord, key);
  const after = before && recordAfter(context, before, told);
  if (before !== undefined && after !== undefined && after !== before) unit.put(roomRecord, key, after);
  const { added, removed } = difference(before?.members ?? [], after?.members ?? []);
  const state = told.state === 'current' && after?.lists === 'stale' ? 'stale' : told.state;
  const changed = added.length + removed.length > 0 || told.state !== 'current' || before?.lists !== after?.lists;
  if (!changed) return 'nothing-new';
  const event: RoomMembersEvent = { type: 'room-members', room, added, removed, state };
  unit.tell('room-members', event);
  return event;
}

function recordAfter({ limits }: AccountContext, before: RoomRecord, { changes, state, anonymous }: Told): RoomRecord {
  const members = withChanges(before.members, changes);
  // More than a message can be for: the room says so when it is asked again.
  const tooMany = members.length > limits.maxRoomMembers;
  const lists = state !== 'current' || tooMany ? 'stale' : before.lists;
  const anonymity = anonymous ? 'anonymous' : before.anonymity;
  if (members === before.members && lists === before.lists && anonymity === before.anonymity) return before;
  return { ...before, anonymity, lists, members: tooMany ? before.members : members };
}
