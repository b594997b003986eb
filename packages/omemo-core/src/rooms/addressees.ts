import type { BareJid } from '@omemo-kit/omemo-wire';
import type { AccountContext } from '../context.ts';
import { OmemoError } from '../errors.ts';
import { type RoomRecord, roomRecord } from '../records/room.ts';
import type { UnitOfWork } from '../storage/unit-of-work.ts';
import { difference, type Membership, membershipOf } from './members.ts';

/** What a room may be other than XEP-0384 5.8 wants it; refused where it is not told to be allowed. */
export interface RoomRules {
  /** `allow`: also a room that anybody may enter. Only the accounts in its lists get keys. */
  readonly open?: 'allow';
  /**
   * `allow`: also while the room does not show all three lists to us. Who is in a list that it hides gets a key only if
   * presence has told of them.
   */
  readonly incomplete?: 'allow';
}

export interface Addressees {
  readonly room: BareJid;
  readonly rules: RoomRules;
  /** What the user was shown: nothing is encrypted for another membership (S56). */
  readonly approved: Membership | undefined;
}

/**
 * The members that a message to a room is for, the own account left out. Read in the unit that encrypts, so that nobody who
 * lost a membership meanwhile gets a key, also when another process is told of it (S56).
 *
 * @throws OmemoError `room-unknown`, `room-anonymous`, `room-open`, `membership-changed`.
 */
export async function addressees(
  context: AccountContext,
  unit: UnitOfWork,
  { room, rules, approved }: Addressees,
): Promise<readonly BareJid[]> {
  const record = await unit.get(roomRecord, context.keys.room(room));
  const presence = context.rooms.get(room);
  const kept = presence?.mustAsk ? undefined : record;
  const { members } = assertUsable(room, kept, { rules, cause: presence?.failure?.cause });
  if (approved !== undefined && membershipOf(members).version !== approved.version) {
    const details = { room, ...difference(approved.members, members) };
    throw new OmemoError('membership-changed', 'the room has other members than were approved', { details });
  }
  return members.map(({ jid }) => jid as BareJid).filter((jid) => jid !== context.jid);
}

/**
 * "MUST be configured non-anonymous and SHOULD be configured members-only" (XEP-0384 5.8; R101, R102, S57), and who its
 * members are must be known (R103).
 */
function assertUsable(
  room: BareJid,
  record: RoomRecord | undefined,
  { rules, cause }: { readonly rules: RoomRules; readonly cause: unknown },
): RoomRecord {
  if (record?.anonymity === 'anonymous') {
    throw new OmemoError('room-anonymous', 'the room does not tell who its occupants are', { details: { room } });
  }
  if (record === undefined || record.lists === 'stale') {
    const details = { room, refused: [] };
    throw new OmemoError('room-unknown', 'who is in the room has to be asked first', { details, cause });
  }
  if (record.access === 'open' && rules.open !== 'allow') {
    throw new OmemoError('room-open', 'anybody may enter the room', { details: { room } });
  }
  if (record.refused.length > 0 && rules.incomplete !== 'allow') {
    const details = { room, refused: record.refused };
    throw new OmemoError('room-unknown', 'the room does not tell who all its members are', { details });
  }
  return record;
}
