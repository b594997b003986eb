import { parse } from 'ltx';
import { describe, expect, test } from 'vitest';
import { LivePositions } from '../../src/attach/live-position.ts';

const alice = 'alice@example.org';
const room = 'tea@rooms.example.org';

function following(...archives: string[]) {
  const known = new Map(archives.map((archive) => [archive, { id: '1', stamp: 5 }]));
  const positions = {
    get: async (archive: string) => known.get(archive),
    set: async (archive: string, position: { id: string; stamp: number }) => void known.set(archive, position),
  };
  const live = new LivePositions({ jid: alice, positions });
  for (const archive of archives) live.follow(archive);
  return { live, known };
}

const stanzaId = (by: string, id: string) => `<stanza-id xmlns="urn:xmpp:sid:0" by="${by}" id="${id}"/>`;
const chat = (inside: string) =>
  parse(`<message xmlns="jabber:client" from="bob@example.net/desk">${inside}</message>`);

describe('positions of live messages', () => {
  test('are those that the own archive gave, and keep its time', async () => {
    const { live, known } = following(alice);
    await live.taken(chat(stanzaId(alice, '2')));
    expect(known.get(alice)?.id).toBe('1');
    await live.write();
    expect(known.get(alice)).toEqual({ id: '2', stamp: 5 });
  });

  test('are written now and then, without being asked', async () => {
    const { live, known } = following(alice);
    for (let id = 2; id <= 60; id++) await live.taken(chat(stanzaId(alice, String(id))));
    expect(known.get(alice)?.id).toBe('51');
  });

  test.each([
    ['of another archive', stanzaId('mallory@example.org', '9')],
    ['given twice', stanzaId(alice, '9') + stanzaId(alice, '8')],
    ['that is empty', stanzaId(alice, '')],
  ])('an id %s is none (XEP-0359 6)', async (_, inside) => {
    const { live, known } = following(alice);
    await live.taken(chat(inside));
    await live.write();
    expect(known.get(alice)?.id).toBe('1');
  });

  test("a room's messages move the room's position only", async () => {
    const { live, known } = following(alice, room);
    const inside = stanzaId(room, '7') + stanzaId(alice, '9');
    await live.taken(parse(`<message xmlns="jabber:client" type="groupchat" from="${room}/bob">${inside}</message>`));
    await live.write();
    expect([known.get(alice)?.id, known.get(room)?.id]).toEqual(['1', '7']);
  });

  test('a copy of what another client received counts, if the own account sent it (S50)', async () => {
    const { live, known } = following(alice);
    const carbon = (from: string, id: string) =>
      parse(
        `<message xmlns="jabber:client" from="${from}"><received xmlns="urn:xmpp:carbons:2"><forwarded xmlns="urn:xmpp:forward:0">` +
          `<message xmlns="jabber:client" from="bob@example.net/desk">${stanzaId(alice, id)}</message></forwarded></received></message>`,
      );
    await live.taken(carbon('mallory@example.org', '9'));
    await live.write();
    expect(known.get(alice)?.id).toBe('1');
    await live.taken(carbon(alice, '2'));
    await live.write();
    expect(known.get(alice)?.id).toBe('2');
  });

  test('an archive that was not read to its end is not passed over', async () => {
    const { live, known } = following(alice);
    live.stop();
    await live.taken(chat(stanzaId(alice, '9')));
    await live.write();
    expect(known.get(alice)?.id).toBe('1');
  });
});
