import { sha256 } from '@omemo-kit/primitives';
import { toHex } from '../records/bytes.ts';
import type { RoomMember } from '../records/room.ts';
import { type MemberAffiliation, memberAffiliations } from './member-affiliation.ts';
import type { MembersDifference } from './members-difference.ts';

/** Who a message to a room is for, as an application shows it to its user before a message is written. */
export interface Membership {
  /** The same for the same accounts, whatever happened in between; affiliations do not count. */
  readonly version: string;
  /** In the order of their JIDs. */
  readonly members: readonly RoomMember[];
}

/** Somebody's affiliation, as a room told it; undefined: it makes no member, and unmakes one. */
export interface AffiliationChange {
  readonly jid: string;
  readonly affiliation: MemberAffiliation | undefined;
}

export function toMemberAffiliation(text: string | undefined): MemberAffiliation | undefined {
  return memberAffiliations.find((one) => one === text);
}

export function membershipOf(members: readonly RoomMember[]): Membership {
  const sorted = inOrder(members);
  const names = new TextEncoder().encode(sorted.map(({ jid }) => jid).join('\n'));
  return { version: toHex(sha256(names).subarray(0, 16)), members: sorted };
}

/** By JID: a server may give its lists in any order. */
export function inOrder(members: readonly RoomMember[]): readonly RoomMember[] {
  return [...members].sort((a, b) => (a.jid < b.jid ? -1 : 1));
}

/** Who became a member and who ceased to be one (XEP-0384 5.8.1: "both for removals … and users becoming members"). */
export function difference(before: readonly { jid: string }[], after: readonly { jid: string }[]): MembersDifference {
  return { added: without(after, before), removed: without(before, after) };
}

/** The members after these changes, in the order of their JIDs. @returns the same array when they are the same in the end. */
export function withChanges(
  members: readonly RoomMember[],
  changes: readonly AffiliationChange[],
): readonly RoomMember[] {
  const before = new Map(members.map(({ jid, affiliation }) => [jid, affiliation]));
  const after = new Map(before);
  for (const { jid, affiliation } of changes) {
    if (affiliation === undefined) after.delete(jid);
    else after.set(jid, affiliation);
  }
  const same = after.size === before.size && [...after].every(([jid, affiliation]) => before.get(jid) === affiliation);
  return same ? members : inOrder([...after].map(([jid, affiliation]) => ({ jid, affiliation })));
}

function without(these: readonly { jid: string }[], those: readonly { jid: string }[]): readonly string[] {
  const names = new Set(those.map(({ jid }) => jid));
  return these.map(({ jid }) => jid).filter((jid) => !names.has(jid));
}
