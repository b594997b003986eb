import { type MemberAffiliation, memberAffiliations } from '../rooms/member-affiliation.ts';
import { flag, list, oneOf, recordCodec, struct, text } from './codec.ts';

export interface RoomMember {
  /** Real bare JID. */
  readonly jid: string;
  readonly affiliation: MemberAffiliation;
}

/** What is known of a room: one record, which every message to the room reads in the unit that encrypts it. */
export interface RoomRecord {
  readonly jid: string;
  /** Whether all occupants see real JIDs (XEP-0384 5.8: it "MUST be configured non-anonymous"). */
  readonly anonymity: 'non-anonymous' | 'anonymous';
  readonly access: 'members-only' | 'open';
  /** The room says that it gives occupants identifiers, and so takes away those that somebody made up (XEP-0421). */
  readonly occupantIds: boolean;
  /** `stale`: something may have changed that we were not told of; the room has to be asked again. */
  readonly lists: 'current' | 'stale';
  /** Lists that the room did not show us. */
  readonly refused: readonly MemberAffiliation[];
  /** The union of the lists, with the changes told since. */
  readonly members: readonly RoomMember[];
}

export const roomRecord = recordCodec<RoomRecord>(
  1,
  struct<RoomRecord>({
    jid: text,
    anonymity: oneOf('non-anonymous', 'anonymous'),
    access: oneOf('members-only', 'open'),
    occupantIds: flag,
    lists: oneOf('current', 'stale'),
    refused: list(oneOf(...memberAffiliations)),
    members: list(struct<RoomMember>({ jid: text, affiliation: oneOf(...memberAffiliations) })),
  }),
  { keep: true },
);
