import { type BareJid, createElement } from '@omemo-kit/omemo-wire';
import type { AccountContext } from '../context.ts';
import { TransportError } from '../ports/transport.ts';
import type { RoomMember } from '../records/room.ts';
import { type MemberAffiliation, memberAffiliations } from './member-affiliation.ts';
import { toMemberAffiliation } from './members.ts';
import { accountJid, textAttribute } from './room-stanza.ts';

const NS_MUC_ADMIN = 'http://jabber.org/protocol/muc#admin';

/** What rooms answer when a list is not for everybody: Converse.js#1426 is about the member list of a plain member. */
const REFUSALS = ['forbidden', 'not-allowed', 'not-authorized', 'registration-required', 'feature-not-implemented'];

/** An entry of a list that is no account: a whole domain (X43), or no JID at all. */
export interface SkippedEntry {
  readonly affiliation: MemberAffiliation;
  /** As it stands in the list; a stranger's text. */
  readonly jid: string;
}

export interface MemberLists {
  /** Each account once. */
  readonly members: readonly RoomMember[];
  readonly skipped: readonly SkippedEntry[];
  readonly refused: readonly MemberAffiliation[];
}

/**
 * Asks a room for its member, admin and owner lists, all three at once (XEP-0384 5.8.1, XEP-0045 9.5, 10.8, 10.5; R104),
 * and unites them (R105). They hold who is offline too.
 *
 * @throws TransportError when the room does not answer; a list that it refuses is told of.
 */
export async function askMemberLists(
  context: AccountContext,
  room: BareJid,
  signal?: AbortSignal,
): Promise<MemberLists> {
  const answers = await Promise.all(
    memberAffiliations.map((affiliation) => askList(context, { room, affiliation }, signal)),
  );
  const members = new Map<string, RoomMember>();
  const skipped: SkippedEntry[] = [];
  const refused: MemberAffiliation[] = [];
  for (const [index, entries] of answers.entries()) {
    const affiliation = memberAffiliations[index] as MemberAffiliation;
    if (entries === 'refused') refused.push(affiliation);
    else
      for (const entry of entries) {
        const jid = accountJid(entry.jid);
        const held = toMemberAffiliation(entry.affiliation);
        // The one whose affiliation changed between two answers is in both: the higher list comes last.
        if (jid !== undefined && held !== undefined) members.set(jid, { jid, affiliation: held });
        else skipped.push({ affiliation, jid: entry.jid ?? '' });
      }
  }
  return { members: [...members.values()], skipped, refused };
}

interface ListEntry {
  readonly jid: string | undefined;
  readonly affiliation: string | undefined;
}

async function askList(
  { transport }: AccountContext,
  { room, affiliation }: { readonly room: BareJid; readonly affiliation: MemberAffiliation },
  signal: AbortSignal | undefined,
): Promise<readonly ListEntry[] | 'refused'> {
  const iq = createElement('iq', { xmlns: 'jabber:client', type: 'get', to: room });
  iq.c('query', { xmlns: NS_MUC_ADMIN }).c('item', { affiliation });
  try {
    const answer = await transport.request(iq, signal);
    const items = answer.getChild('query', NS_MUC_ADMIN)?.getChildren('item', NS_MUC_ADMIN) ?? [];
    return items.map((item) => ({ jid: textAttribute(item, 'jid'), affiliation: textAttribute(item, 'affiliation') }));
  } catch (error) {
    if (error instanceof TransportError && REFUSALS.includes(error.condition)) return 'refused';
    throw error;
  }
}
