import type { BareJid } from '@omemo-kit/omemo-wire';
import * as fc from 'fast-check';
import { parse } from 'ltx';
import { describe, expect, test } from 'vitest';
import { RecentFailures } from '../../src/devices/recent-failures.ts';
import { type Progress, progressOf } from '../../src/messages/progress.ts';
import { memberAffiliations } from '../../src/rooms/member-affiliation.ts';
import { type AffiliationChange, difference, membershipOf, withChanges } from '../../src/rooms/members.ts';
import { RoomPresence } from '../../src/rooms/room-presence.ts';
import { namedJids, type RoomNews, readRoomNews } from '../../src/rooms/room-stanza.ts';

const ROOM = 'coven@muc.example.org' as BareJid;
const USER = 'http://jabber.org/protocol/muc#user';
const member = fc.record({
  jid: fc.constantFrom('a@x', 'b@x', 'c@x', 'd@x'),
  affiliation: fc.constantFrom(...memberAffiliations),
});
const members = fc.uniqueArray(member, { selector: ({ jid }) => jid });
const change = fc.record({
  jid: fc.constantFrom('a@x', 'b@x', 'c@x', 'd@x', 'e@x'),
  affiliation: fc.option(fc.constantFrom(...memberAffiliations), { nil: undefined }),
});

describe('members', () => {
  test('after changes are those whose last change says so, in whatever pieces the changes come (R106)', () => {
    fc.assert(
      fc.property(members, fc.array(change), fc.nat(), (before, changes: readonly AffiliationChange[], at) => {
        const after = withChanges(before, changes);
        const last = new Map<string, string | undefined>(before.map(({ jid, affiliation }) => [jid, affiliation]));
        for (const { jid, affiliation } of changes) last.set(jid, affiliation);
        const wanted = [...last].filter(([, affiliation]) => affiliation !== undefined);
        expect(new Map(after.map(({ jid, affiliation }) => [jid, affiliation]))).toEqual(new Map(wanted));
        const cut = changes.length === 0 ? 0 : at % changes.length;
        const inPieces = withChanges(withChanges(before, changes.slice(0, cut)), changes.slice(cut));
        expect(membershipOf(inPieces)).toEqual(membershipOf(after));
        const { added, removed } = difference(before, after);
        const names = before.map(({ jid }) => jid).filter((jid) => !removed.includes(jid));
        expect([...names, ...added].sort()).toEqual(after.map(({ jid }) => jid).sort());
      }),
    );
  });

  test('are the same array when changes take one another back, so that nothing is written', () => {
    const before = [
      { jid: 'a@x', affiliation: 'member' },
      { jid: 'b@x', affiliation: 'admin' },
    ] as const;
    const away = { jid: 'a@x', affiliation: undefined };
    expect(withChanges(before, [away, before[0]])).toBe(before);
    expect(
      withChanges(before, [
        { jid: 'e@x', affiliation: 'owner' },
        { ...away, jid: 'e@x' },
      ]),
    ).toBe(before);
    expect(withChanges(before, [away])).toEqual([before[1]]);
  });

  test('have one version for the same accounts, whatever their order and affiliations (S56)', () => {
    fc.assert(
      fc.property(members, members, (a, b) => {
        const names = (of: typeof a) => JSON.stringify(of.map(({ jid }) => jid).sort());
        expect(membershipOf(a).version === membershipOf(b).version).toBe(names(a) === names(b));
      }),
    );
  });
});

const presence = (
  nick: string,
  more: { jid?: string; codes?: number[]; type?: string; id?: string; renamed?: string } = {},
): RoomNews => {
  const { jid, codes = [], type, id, renamed } = more;
  const item = `<item affiliation="member" ${jid ? `jid="${jid}"` : ''} ${renamed ? `nick="${renamed}"` : ''}/>`;
  const status = codes.map((code) => `<status code="${code}"/>`).join('');
  const occupantId = id === undefined ? '' : `<occupant-id xmlns="urn:xmpp:occupant-id:0" id="${id}"/>`;
  const x = `<x xmlns="${USER}">${item}${status}</x>${occupantId}`;
  return readRoomNews(parse(`<presence from="${ROOM}/${nick}" ${type ? `type="${type}"` : ''}>${x}</presence>`))!;
};
const nicks = (room: RoomPresence) => room.occupants.map(({ nick, jid }) => `${nick}=${jid}`);

describe('presence in a room', () => {
  test('is stale with the own entry only, current with everything after it, and gone with the own leave (R104)', () => {
    const room = new RoomPresence(ROOM, 10);
    expect(room.take(presence('bob', { jid: 'bob@x/1' }), 1).state).toBe('current');
    expect(room.take(presence('me', { jid: 'me@x/1', codes: [110] }), 2).state).toBe('stale');
    expect(room.take(presence('me', { jid: 'me@x/1', codes: [110] }), 3).state).toBe('current');
    const renaming = presence('me', { codes: [303, 110], type: 'unavailable', renamed: 'i', jid: 'me@x/1' });
    expect(room.take(renaming, 4).state).toBe('current');
    expect(room.take(presence('i', { jid: 'me@x/1', codes: [110] }), 5).state).toBe('current');
    expect([room.ownNick, nicks(room)]).toEqual(['i', ['bob=bob@x', 'i=me@x']]);
    expect(room.take(presence('bob', { type: 'unavailable' }), 6).state).toBe('current');
    expect(room.take(presence('i', { type: 'unavailable', codes: [110, 307] }), 7).state).toBe('left');
    expect([room.joined, nicks(room)]).toEqual([false, []]);
  });

  test('forgets with a new session whom that does not tell of, and since when they had their nicks', () => {
    const room = new RoomPresence(ROOM, 10);
    room.take(presence('bob', { jid: 'bob@x/1' }), 1);
    room.take(presence('carol', { jid: 'carol@x/1' }), 1);
    room.take(presence('me', { jid: 'me@x/1', codes: [110] }), 2);
    room.newSession(100);
    expect([room.joined, room.occupant('bob')?.since]).toEqual([false, 100]);
    room.take(presence('carol', { jid: 'carol@x/1' }), 101);
    room.take(presence('me', { jid: 'me@x/1', codes: [110] }), 102);
    expect(nicks(room)).toEqual(['carol=carol@x', 'me=me@x']);
  });

  test('remembers so many occupants, and as many identifiers of those who left', () => {
    const room = new RoomPresence(ROOM, 3);
    for (let n = 0; n < 6; n++) room.take(presence(`nick${n}`, { jid: `user${n}@x/1`, id: `id${n}` }), n);
    expect(nicks(room)).toEqual(['nick0=user0@x', 'nick1=user1@x', 'nick2=user2@x']);
    const known = Array.from({ length: 6 }, (_, n) => room.accountOf(`id${n}`));
    expect(known).toEqual([undefined, undefined, undefined, 'user3@x', 'user4@x', 'user5@x']);
    // Who is remembered may still change.
    room.take(presence('nick1', { jid: 'other@x/1' }), 9);
    expect(room.occupant('nick1')).toMatchObject({ jid: 'other@x', since: 9 });
  });

  test('notes what is told while lists are under way, and that they are outdated by an own entry', () => {
    const room = new RoomPresence(ROOM, 10);
    const journal = room.startJournal();
    room.take(presence('bob', { jid: 'bob@x/1' }), 1);
    expect(journal).toEqual({ changes: [{ jid: 'bob@x', affiliation: 'member' }], outdated: false });
    room.take(presence('me', { jid: 'me@x/1', codes: [110] }), 2);
    expect(journal.outdated).toBe(true);
    room.endJournal(journal);
    room.take(presence('carol', { jid: 'carol@x/1' }), 3);
    expect(journal.changes).toHaveLength(2);
  });
});

describe('a stanza of a room', () => {
  test('has no long identifiers, nor two of them', () => {
    expect(presence('bob', { id: 'i'.repeat(128) }).occupantId).toHaveLength(128);
    expect(presence('bob', { id: 'i'.repeat(129) }).occupantId).toBeUndefined();
    const twice = '<occupant-id xmlns="urn:xmpp:occupant-id:0" id="a"/>'.repeat(2);
    const stanza = parse(`<presence from="${ROOM}/bob"><x xmlns="${USER}"/>${twice}</presence>`);
    expect(readRoomNews(stanza)?.occupantId).toBeUndefined();
  });

  test.each([
    ['a presence without the element', `<presence from="${ROOM}/bob"/>`],
    ['a presence of the bare JID', `<presence from="${ROOM}"><x xmlns="${USER}"/></presence>`],
    ['a subscription', `<presence from="${ROOM}/bob" type="subscribe"><x xmlns="${USER}"/></presence>`],
    ['an invitation', `<message from="${ROOM}"><x xmlns="${USER}"><invite from="bob@x"/></x></message>`],
    ['a stanza of nobody', `<message><x xmlns="${USER}"><status code="104"/></x></message>`],
    ['an IQ', `<iq from="${ROOM}"><x xmlns="${USER}"><status code="104"/></x></iq>`],
  ])('tells nothing when it is %s', (_, xml) => {
    expect(readRoomNews(parse(xml))).toBeUndefined();
  });

  test('of an archive names each account once', () => {
    const x = (jid: string) => `<x xmlns="${USER}"><item jid="${jid}"/></x>`;
    const message = (...jids: string[]) => parse(`<message>${jids.map(x).join('')}</message>`);
    expect(namedJids(message('Bob@X/1', 'bob@x'))).toEqual(['bob@x']);
    expect(namedJids(message('bob@x', 'carol@x'))).toEqual(['bob@x', 'carol@x']);
    expect(namedJids(message())).toEqual([]);
  });
});

test('what could not be fetched is left alone for a minute', () => {
  const failures = new RecentFailures();
  failures.note('bob@x', 'why', 1_000);
  expect([failures.of('bob@x', 60_999), failures.of('carol@x', 1_000)]).toMatchObject([{ cause: 'why' }, undefined]);
  expect([failures.of('bob@x', 61_000), failures.of('bob@x', 999)]).toEqual([undefined, undefined]);
  for (let n = 0; n < 4_096; n++) failures.note(`user${n}@x`, n, 1_000);
  expect(failures.of('bob@x', 1_000)).toBeUndefined();
});

test('progress is told from nothing to all, and not at all when there is nothing to do', async () => {
  const told: Progress[] = [];
  progressOf('bundles', 0, (one) => told.push(one)).oneDone();
  const { oneDone } = progressOf('bundles', 2, (one) => told.push(one));
  oneDone();
  oneDone();
  await Promise.resolve();
  expect(told).toEqual([0, 1, 2].map((done) => ({ step: 'bundles', done, total: 2 })));
});
