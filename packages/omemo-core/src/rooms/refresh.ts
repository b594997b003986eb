import type { BareJid } from '@omemo-kit/omemo-wire';
import type { AccountContext } from '../context.ts';
import { OmemoError } from '../errors.ts';
import { sameBytes } from '../records/bytes.ts';
import { type RoomMember, type RoomRecord, roomRecord } from '../records/room.ts';
import { sameRevision, type UnitOfWork } from '../storage/unit-of-work.ts';
import { askConfiguration, type RoomConfiguration } from './configuration.ts';
import { askMemberLists, type MemberLists, type SkippedEntry } from './member-lists.ts';
import { difference, inOrder, withChanges } from './members.ts';
import { noteIfGone } from './room-gone.ts';
import type { Journal } from './room-presence.ts';

/** What a room is and who is in its lists. */
export interface RefreshedRoom extends RoomRecord {
  /** Entries of the lists that are no accounts: nobody encrypts to them. */
  readonly skipped: readonly SkippedEntry[];
}

/** Times a room is asked while it goes on being configured. */
const MAX_ROUNDS = 3;

/**
 * Asks a room for its configuration and its lists and keeps what it says (R101, R102, R104). Changes that come in the
 * meantime are told in the order of the stream, and so never older than the lists: they are put on top of them. What another
 * process or refresh has stored in the meantime may be newer than the lists: the room is asked again (S56).
 *
 * @throws OmemoError `room-too-large`, `contention`; TransportError when the room does not answer. What was known stays then; of a room
 * that is not there, `item-not-found`, it counts no more.
 */
export async function refreshRoom(
  context: AccountContext,
  room: BareJid,
  signal?: AbortSignal,
): Promise<RefreshedRoom> {
  const presence = context.rooms.add(context, room);
  for (let round = 1; ; round++) {
    const journal = presence.startJournal();
    const { losses } = presence;
    try {
      const since = await revisionOf(context, room, signal);
      const configuration = await askConfiguration(context, room, signal);
      const lists = configuration.anonymity === 'anonymous' ? NO_LISTS : await askMemberLists(context, room, signal);
      const asked = { room, since, configuration, lists, journal, lossy: presence.mustAsk };
      const outcome = await context.transact((unit) => keep(context, unit, asked), signal);
      if (outcome === 'overtaken') {
        if (round < MAX_ROUNDS) continue;
        throw overtaken(context, room);
      }
      presence.makeUpFor(losses);
      if ((outcome.lists === 'stale' || presence.mustAsk) && round < MAX_ROUNDS) continue;
      presence.failure = undefined;
      return { ...outcome, skipped: lists.skipped };
    } catch (error) {
      // A room that changed too often did answer.
      const answered = error instanceof OmemoError && error.code === 'contention';
      if (!answered) presence.failure = { at: context.now(), cause: error };
      await noteIfGone(context, presence, error);
      throw error;
    } finally {
      presence.endJournal(journal);
    }
  }
}

/** An anonymous room has no use for them: nothing is encrypted there. */
const NO_LISTS: MemberLists = { members: [], skipped: [], refused: [] };

async function revisionOf({ keys, transact }: AccountContext, room: BareJid, signal: AbortSignal | undefined) {
  const [loaded] = await transact((unit) => unit.getMany(roomRecord, [keys.room(room)]), signal);
  return loaded?.revision ?? null;
}

function overtaken({ keys }: AccountContext, room: BareJid): OmemoError<'contention'> {
  const message = 'the members of the room changed faster than they could be asked for; it may be tried again';
  return new OmemoError('contention', message, { details: { keys: [keys.room(room)] } });
}

async function keep(
  context: AccountContext,
  unit: UnitOfWork,
  asked: {
    readonly room: BareJid;
    /** The record's revision before the room was asked. */
    readonly since: Uint8Array | null;
    readonly configuration: RoomConfiguration;
    readonly lists: MemberLists;
    readonly journal: Journal;
    /** Something that presence told was not kept. */
    readonly lossy: boolean;
  },
): Promise<RoomRecord | 'overtaken'> {
  const { room, since, configuration, lists, journal, lossy } = asked;
  const { maxRoomMembers } = context.limits;
  const key = context.keys.room(room);
  const [loaded] = await unit.getMany(roomRecord, [key]);
  if (!sameRevision(loaded?.revision ?? null, since)) return 'overtaken';
  const before = loaded?.value;
  const { refused } = lists;
  // Of a list that is not shown, those stay that presence has told; unless it may have told that one of them is none any more.
  const stays = ({ affiliation }: RoomMember) => !lossy && refused.includes(affiliation);
  const told = before?.members.filter(stays) ?? [];
  const known = new Map([...told, ...lists.members].map((member) => [member.jid, member]));
  const members = withChanges(inOrder([...known.values()]), journal.changes);
  if (members.length > maxRoomMembers) {
    const details = { room, limit: maxRoomMembers };
    throw new OmemoError('room-too-large', `a room has more than ${maxRoomMembers} members`, { details });
  }
  const state = journal.outdated ? 'stale' : 'current';
  const after: RoomRecord = { jid: room, ...configuration, lists: state, refused, members };
  // Another refresh that is under way is not to take it for a change.
  if (before === undefined || !sameBytes(roomRecord.encode(before), roomRecord.encode(after))) {
    unit.put(roomRecord, key, after);
  }
  const { added, removed } = difference(before?.members ?? [], members);
  // The first time nobody has seen any other members.
  if (before !== undefined && added.length + removed.length > 0) {
    unit.tell('room-members', { type: 'room-members', room, added, removed, state });
  }
  return after;
}
