import { TransportError } from '@omemo-kit/omemo-core/ports';
import type { Element } from 'ltx';
import { describe, expect, test } from 'vitest';
import { catchUp, type ReadArchive, readArchive } from '../../src/index.ts';
import { FakeChannel, inside } from '../fake-channel.ts';

const own = 'alice@example.org';
const room = 'tea@rooms.example.org';

/** An archive of `count` messages with the ids 1, 2, …, one a minute. */
class FakeArchive {
  readonly channel = new FakeChannel();
  readonly asked: Element[] = [];
  count: number;
  /** What else comes in while a page is read. */
  between: (queryId: string) => readonly string[] = () => [];

  constructor(count: number, archive = own) {
    this.count = count;
    this.channel.answer = (iq) => {
      this.asked.push(iq);
      const query = inside(iq, 'query');
      const set = inside(query, 'set');
      const after = set.getChildText('after');
      const max = Number(set.getChildText('max'));
      const start = query.getChild('x')?.getChildByAttr('var', 'start')?.getChildText('value');
      if (after !== null && Number(after) > this.count) return new TransportError('item-not-found');
      const first = start ? Math.ceil((Date.parse(start) - this.time(0)) / 60_000) : Number(after ?? 0) + 1;
      const from = set.getChild('before') ? Math.max(1, this.count - max + 1) : first;
      const ids = Array.from({ length: Math.max(0, Math.min(max, this.count - from + 1)) }, (_, i) => from + i);
      const queryId = query.attrs['queryid'] as string;
      for (const id of ids) {
        for (const stanza of this.between(queryId)) this.channel.arrive(stanza);
        this.channel.arrive(this.result({ id, queryId, from: archive }));
      }
      const last = ids.length === 0 ? '' : `<last>${ids.at(-1)}</last>`;
      const complete = from + ids.length > this.count ? ' complete="true"' : '';
      return `<iq type="result"><fin xmlns="urn:xmpp:mam:2"${complete}><set xmlns="http://jabber.org/protocol/rsm">${last}</set></fin></iq>`;
    };
  }

  time(id: number): number {
    return Date.UTC(2026, 0, 1) + id * 60_000;
  }

  result({
    id,
    queryId,
    from,
    text = `m${id}`,
  }: {
    id: number | string;
    queryId: string;
    from: string;
    text?: string;
  }): string {
    const stamp = new Date(this.time(Number(id) || 0)).toISOString();
    return (
      `<message from="${from}"><result xmlns="urn:xmpp:mam:2" queryid="${queryId}" id="${id}"><forwarded xmlns="urn:xmpp:forward:0">` +
      `<delay xmlns="urn:xmpp:delay" stamp="${stamp}"/><message xmlns="jabber:client" from="bob@example.net/desk"><body>${text}</body></message></forwarded></result></message>`
    );
  }
}

async function read(archive: FakeArchive, options: Partial<ReadArchive> = {}) {
  const texts: (string | null)[] = [];
  const positions: string[] = [];
  const result = await readArchive({
    channel: archive.channel,
    onMessages: (page) => void texts.push(...page.map(({ message }) => message.getChildText('body'))),
    onPosition: ({ id }) => void positions.push(id),
    ...options,
  });
  return { texts, positions, result };
}

const upTo = (count: number, from = 1) => Array.from({ length: count - from + 1 }, (_, i) => `m${from + i}`);

describe('readArchive', () => {
  test('reads page by page in the order of the archive and tells how far it is', async () => {
    const archive = new FakeArchive(23);
    const { texts, positions, result } = await read(archive, { pageSize: 10 });
    expect(texts).toEqual(upTo(23));
    expect(positions).toEqual(['10', '20', '23']);
    expect(result).toEqual({ messages: 23, refused: 0, complete: true });
    expect(archive.channel.listening).toBe(0);
  });

  test('goes on after an id, or begins at a time', async () => {
    expect((await read(new FakeArchive(5), { after: '3' })).texts).toEqual(upTo(5, 4));
    const archive = new FakeArchive(5);
    expect((await read(archive, { since: new Date(archive.time(2)) })).texts).toEqual(upTo(5, 2));
  });

  test('each page is taken in before the next, and a position is told only after its messages', async () => {
    const log: string[] = [];
    await read(new FakeArchive(3), {
      pageSize: 2,
      onMessages: async (page) => {
        await Promise.resolve();
        log.push(...page.map(({ id }) => id));
      },
      onPosition: ({ id }) => void log.push(`at ${id}`),
    });
    expect(log).toEqual(['1', '2', 'at 2', '3', 'at 3']);
  });

  test('what cannot be taken in ends it, and its page is not passed over', async () => {
    const positions: string[] = [];
    const reading = read(new FakeArchive(5), {
      pageSize: 2,
      onMessages: (page) => {
        if (page.some(({ id }) => id === '4')) throw new RangeError('the inbox is full');
      },
      onPosition: ({ id }) => void positions.push(id),
    });
    await expect(reading).rejects.toThrow(RangeError);
    expect(positions).toEqual(['2']);
  });

  test.each([
    ['somebody else', 'mallory@example.org'],
    ['a client of the own account', `${own}/other`],
    ['a room nobody asked', room],
  ])('a result from %s is none, even with the right query id (S50)', async (_, from) => {
    const archive = new FakeArchive(2);
    archive.between = (queryId) => [archive.result({ id: 'forged', queryId, from, text: 'forged' })];
    const { texts, result } = await read(archive);
    expect(texts).toEqual(upTo(2));
    expect(result.refused).toBe(2);
  });

  test('a result of another query is left to whoever asked that (S50)', async () => {
    const archive = new FakeArchive(2);
    archive.between = () => [archive.result({ id: '9', queryId: 'another', from: own, text: 'another' })];
    expect((await read(archive)).texts).toEqual(upTo(2));
  });

  test('query ids cannot be guessed: no two are alike', async () => {
    const archive = new FakeArchive(30);
    await read(archive, { pageSize: 10 });
    const ids = archive.asked.map((iq) => inside(iq, 'query').attrs['queryid'] as string);
    expect(new Set(ids).size).toBe(3);
    for (const id of ids) expect(id.length).toBeGreaterThanOrEqual(16);
  });

  test("reads a room's archive, whose results come from the room (S50)", async () => {
    const archive = new FakeArchive(2, room);
    archive.between = (queryId) => [archive.result({ id: 'x', queryId, from: own, text: 'not the room' })];
    expect((await read(archive, { archive: room })).texts).toEqual(upTo(2));
    expect(archive.asked[0]?.attrs['to']).toBe(room);
  });

  test('a server that never moves on, or never ends, is left', async () => {
    const archive = new FakeArchive(4);
    const { answer } = archive.channel;
    archive.channel.answer = async (iq) => {
      if (archive.asked.length > 100) throw new RangeError('still asking');
      inside(iq, 'query', 'set').getChild('after')?.children.splice(0, 1, '2');
      const fin = (await answer(iq)) as string;
      return fin.replace(' complete="true"', '');
    };
    const positions: string[] = [];
    const onPosition = ({ id }: { readonly id: string }) => void positions.push(id);
    const reading = read(archive, { after: '2', pageSize: 2, onPosition });
    await expect(reading).rejects.toMatchObject({ name: 'TransportError', condition: 'archive-repeats' });
    expect(positions).toEqual(['4']);
    const endless = await read(new FakeArchive(1_000_000), { maxMessages: 25, pageSize: 10 });
    expect(endless.result).toEqual({ messages: 25, refused: 0, complete: false });
    expect(endless.positions).toEqual(['10', '20', '25']);
  });

  test('a server whose pages come again is left, with what they held taken in (S60)', async () => {
    const archive = new FakeArchive(6);
    const { answer } = archive.channel;
    archive.channel.answer = async (iq) => {
      if (archive.asked.length > 100) throw new RangeError('still asking');
      const after = inside(iq, 'query', 'set').getChild('after');
      // After the end it begins anew.
      if (after?.text() === '6') after.children.splice(0, 1, '0');
      return ((await answer(iq)) as string).replace(' complete="true"', '');
    };
    const positions: string[] = [];
    const onPosition = ({ id }: { readonly id: string }) => void positions.push(id);
    const reading = read(archive, { pageSize: 2, onPosition });
    await expect(reading).rejects.toMatchObject({ name: 'TransportError', condition: 'archive-repeats' });
    expect(positions).toEqual(['2', '4', '6']);
    expect(archive.asked).toHaveLength(4);
  });

  /** Pages without any message, each with an id of its own. */
  const emptyPages = (page: (n: number, queryId: string) => string) => {
    const channel = new FakeChannel();
    channel.answer = (iq) => {
      const n = channel.requests.length;
      if (n > 5_000) return new TransportError('still asking');
      const id = page(n, inside(iq, 'query').attrs['queryid'] as string);
      return `<iq type="result"><fin xmlns="urn:xmpp:mam:2"><set xmlns="http://jabber.org/protocol/rsm"><last>${id}</last></set></fin></iq>`;
    };
    return channel;
  };

  test('pages without an end are read up to a limit, and the next time from there (S60)', async () => {
    const channel = emptyPages(String);
    const positions = new Positions();
    positions.known.set(own, { id: '0', stamp: 0 });
    const onMessages = () => undefined;
    const result = await catchUp({ channel, archive: own, positions, onMessages });
    expect(result).toEqual({ messages: 0, refused: 0, complete: false });
    expect(channel.requests).toHaveLength(2_000);
    expect(positions.known.get(own)?.id).toBe('2000');
    await catchUp({ channel, archive: own, positions, onMessages, maxPages: 3 });
    expect(inside(channel.requests[2_000], 'query', 'set', 'after').text()).toBe('2000');
    expect(channel.requests).toHaveLength(2_003);
  });

  test('what is refused counts for the limit of messages like what is read (S60)', async () => {
    const channel = emptyPages((n, queryId) => {
      for (let i = 0; i < 10; i++) {
        channel.arrive(
          `<message from="${own}"><result xmlns="urn:xmpp:mam:2" queryid="${queryId}" id="${n}-${i}"/></message>`,
        );
      }
      return String(n);
    });
    const { result } = await read({ channel } as FakeArchive, { maxMessages: 30 });
    expect(result).toEqual({ messages: 0, refused: 30, complete: false });
  });

  test('an id that no archive would give is not remembered (S60)', async () => {
    const channel = emptyPages(() => 'x'.repeat(1_025));
    const positions: string[] = [];
    const reading = read({ channel } as FakeArchive, { onPosition: ({ id }) => void positions.push(id) });
    await expect(reading).rejects.toMatchObject({ name: 'TransportError', condition: 'archive-id-too-long' });
    expect(positions).toEqual([]);
  });

  test('a page larger than asked for is read on from where it was cut', async () => {
    const archive = new FakeArchive(6);
    const { answer } = archive.channel;
    archive.channel.answer = (iq) => {
      const max = inside(iq, 'query', 'set', 'max');
      if (Number(max.text()) < 6) max.children.splice(0, 1, '5');
      return answer(iq);
    };
    expect((await read(archive, { pageSize: 2 })).texts).toEqual(upTo(6));
  });
});

class Positions {
  readonly known = new Map<string, { id: string; stamp: number }>();
  get = async (archive: string) => this.known.get(archive);
  set = async (archive: string, position: { id: string; stamp: number }) => void this.known.set(archive, position);
}

describe('catchUp', () => {
  const run = async (archive: FakeArchive, positions: Positions, since?: Date) => {
    const texts: (string | null)[] = [];
    const result = await catchUp({
      channel: archive.channel,
      archive: own,
      positions,
      onMessages: (page) => void texts.push(...page.map(({ message }) => message.getChildText('body'))),
      ...(since === undefined ? {} : { since }),
    });
    return { texts, result };
  };

  test('begins at the end of an archive, and goes on from there the next time', async () => {
    const archive = new FakeArchive(7);
    const positions = new Positions();
    expect((await run(archive, positions)).texts).toEqual([]);
    expect(positions.known.get(own)).toEqual({ id: '7', stamp: archive.time(7) });
    archive.count = 9;
    expect((await run(archive, positions)).texts).toEqual(['m8', 'm9']);
    expect(positions.known.get(own)?.id).toBe('9');
    expect((await run(archive, positions)).texts).toEqual([]);
  });

  test('an archive that was empty is read from its beginning the next time', async () => {
    const archive = new FakeArchive(0);
    const positions = new Positions();
    await run(archive, positions);
    archive.count = 2;
    expect((await run(archive, positions)).texts).toEqual(['m1', 'm2']);
  });

  test('begins where the application says', async () => {
    const archive = new FakeArchive(3);
    expect((await run(archive, new Positions(), new Date(archive.time(2)))).texts).toEqual(['m2', 'm3']);
  });

  test('an id that the archive has dropped is replaced by its time (XEP-0313 4.3.3)', async () => {
    const archive = new FakeArchive(5);
    const positions = new Positions();
    positions.known.set(own, { id: '77', stamp: archive.time(3) });
    expect((await run(archive, positions)).texts).toEqual(['m3', 'm4', 'm5']);
  });

  test('any other refusal is told', async () => {
    const archive = new FakeArchive(5);
    archive.channel.answer = () => new TransportError('service-unavailable');
    await expect(run(archive, new Positions())).rejects.toMatchObject({ condition: 'service-unavailable' });
  });
});
