import { stripVTControlCharacters } from 'node:util';
import { LoopbackServer } from '@omemo-kit/loopback';
import { manualTrust, Omemo } from '@omemo-kit/omemo-core';
import { MemoryStore } from '@omemo-kit/storage-memory';
import type { Element } from 'ltx';
import { describe, expect, test } from 'vitest';
import { cli } from '../../src/cli.ts';
import { demoCommand } from '../../src/commands/demo.ts';
import { capturedTerminal } from '../captured-terminal.ts';
import { runMain } from '../run-main.ts';

const WORDS = 'Grüße & <b>own</b> words, 漢字 🍜 included';

async function demoTo({ written, terminal }: ReturnType<typeof capturedTerminal>, words: string): Promise<string> {
  expect(await cli(['demo', '--store', 'memory', '--', words], terminal)).toBe(0);
  return written.out;
}

describe('as a process', () => {
  test('Bob reads the words, the server does not', async () => {
    const { code, out, error } = await runMain(['demo', '--store', 'memory', WORDS]);
    expect({ code, error }).toEqual({ code: 0, error: '' });
    const lines = out.split('\n');
    for (const device of ['phone', 'tablet']) expect(lines).toContain(`Bob’s ${device} shows: ${WORDS}`);
    expect(lines).toContain(`Alice’s laptop shows: ${WORDS}`);
    const server = lines.filter((line) => line.startsWith('server sees: '));
    expect(server.length).toBeGreaterThan(40);
    expect(server.filter((line) => line.includes('words') || line.includes('🍜'))).toEqual([]);
    expect(out).not.toContain('\u001b');
    expect(lines.at(-2)).toMatch(
      /^ok: 12 messages sent, 11 read, 1 lost, 2 duplicates, 10 sessions, 5 devices verified, \d+ kB on the wire, records in memory$/,
    );
  });

  test('two runs differ in keys, ids and sizes only', async () => {
    const skeleton = async () =>
      (await demoTo(capturedTerminal(), 'same words'))
        .replaceAll(/\b[0-9a-f]{8}( [0-9a-f]{8}){7}\b/g, 'FINGERPRINT')
        .replaceAll(/(?<=payload of \d+ bytes, )\S+/g, 'BASE64')
        .replaceAll(/\b\d[\d,]* (kB|bytes)\b/g, 'SIZE')
        .replaceAll(/\bdevice \d+\b/g, 'DEVICE')
        .replaceAll(/(?<=unacknowledged: )[0-9a-f]{32}\b/g, 'ID');
    expect(await skeleton()).toBe(await skeleton());
  });

  test('--json: an object a line, with the words whole', async () => {
    const long = 'all of it '.repeat(2_000);
    const { code, out } = await runMain(['demo', '--store', 'memory', '--json', long]);
    expect(code).toBe(0);
    const scenes = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(scenes[0]).toMatchObject({ type: 'opening', namespace: 'urn:xmpp:omemo:2' });
    expect(scenes.find(({ type }) => type === 'exchange')).toMatchObject({
      texts: [long],
      screens: expect.arrayContaining([
        {
          name: { owner: 'Bob', kind: 'phone' },
          shows: [expect.objectContaining({ type: 'text', text: long, missing: 0 })],
        },
      ]),
    });
    expect(scenes.at(-1)).toMatchObject({
      type: 'summary',
      sent: 12,
      read: 11,
      lost: 1,
      duplicates: 2,
      verifications: 20,
      records: { kind: 'memory' },
    });
  });

  test('FORCE_COLOR colours lines too', async () => {
    const out = await demoTo(capturedTerminal({ env: { FORCE_COLOR: '3' } }), 'x');
    expect(out).toContain('\u001b[38;2;');
    expect(stripVTControlCharacters(out)).toContain('Bob’s phone shows: x');
    expect(out).not.toMatch(/[╭│]/u);
  });

  test('whoever reads may stop reading', async () => {
    expect(await runMain(['demo', '--store', 'memory', 'x'], {}, 'first line only')).toMatchObject({
      code: 0,
      error: '',
    });
  });

  test('a missing peer: how to install it, and 2', async () => {
    const { code, error } = await runMain(['demo', '--peer', 'twomemo'], { OMEMO_PEER_PYTHON: '/nowhere/python3' });
    expect(code).toBe(2);
    expect(error).toContain('apt-get install -y --no-install-recommends python3-twomemo python3-xmlschema');
  });
});

describe('texts', () => {
  test.each([
    ['nothing', '', '(an empty message)'],
    ['one letter', 'x', 'x'],
    ['white space', '  ', '(nothing but white space)'],
    ['what is in every stanza', 'urn:xmpp:omemo:2', 'urn:xmpp:omemo:2'],
    ['terminal controls that XML can carry', 'a\u009b31mb', 'a<U+009B>31mb'],
  ])('%s', async (_, words, shown) => {
    const out = await demoTo(capturedTerminal(), words);
    expect(out.split('\n')).toContain(`Bob’s phone shows: ${shown}`);
  });

  test('very long: cut on the screen, whole on the way', async () => {
    const out = await demoTo(capturedTerminal(), 'a long story '.repeat(8_000));
    expect(out).toContain('… 104,000 characters in all');
    expect(out.length).toBeLessThan(60_000);
  });

  test('several words are one text, as with echo', async () => {
    const { written, terminal } = capturedTerminal();
    await cli(['demo', '--store', 'memory', 'my', 'own', 'words'], terminal);
    expect(written.out).toContain('Bob’s phone shows: my own words\n');
  });

  test('what XML cannot carry, or a stanza not hold, is refused before anything is shown', async () => {
    for (const [words, said] of [
      ['bell \u0007', 'U+0007'],
      ['&'.repeat(60_000), 'try a shorter one'],
    ] as const) {
      const { written, terminal } = capturedTerminal();
      expect(await cli(['demo', '--store', 'memory', words], terminal)).toBe(2);
      expect(written.out).toBe('');
      expect(written.error).toContain(said);
    }
  });
});

test('a terminal gets cards', async () => {
  const screen = capturedTerminal({ columns: 120, env: { COLORTERM: 'truecolor', TERM: 'xterm' } });
  const row = stripVTControlCharacters(await demoTo(screen, 'my own words'))
    .split('\n')
    .find((line) => /│ my own words +│.*│ my own words +│/u.test(line));
  expect(row).toMatch(/│ → │ from {3}alice@example.org\/phone +│ → │/u);
});

test('a terminal too narrow for cards, or a dumb one, gets lines', async () => {
  for (const options of [{ columns: 59 }, { columns: 120, env: { TERM: 'dumb' } }]) {
    const { terminal } = capturedTerminal(options);
    expect(terminal.layout).toBe('lines');
  }
});

describe('when something goes wrong the exit status is 1, and it says what', () => {
  const isFirstMessage = { matches: ({ attrs }: Element) => attrs['id'] === 'demo-1', direction: 'to-server' as const };
  const encrypted = (stanza: Element) => stanza.getChild('encrypted', 'urn:xmpp:omemo:2');

  test.each([
    [
      'the server changes a sealed text',
      (server: LoopbackServer) =>
        server.faults.tamper(isFirstMessage, (stanza) => {
          const payload = encrypted(stanza)?.getChild('payload');
          payload?.text(Buffer.from(payload.getText(), 'base64').reverse().toString('base64'));
          return stanza;
        }),
      /Alice's laptop to show.*not-authentic/,
    ],
    ['a message vanishes', (server: LoopbackServer) => server.faults.drop(isFirstMessage), /Alice's laptop to show/],
    [
      'a plaintext goes along',
      (server: LoopbackServer) =>
        server.faults.tamper(isFirstMessage, (stanza) => {
          stanza.c('body').t('my own words');
          return stanza;
        }),
      /addresses, ids and sealed bytes only, not <body\/>/,
    ],
    [
      'somebody else has a device on Bob’s account',
      async (server: LoopbackServer) => {
        const { transport, bareJid: jid } = server.connect('bob@example.net/uninvited');
        const uninvited = await Omemo.open({ jid, transport, store: new MemoryStore(), trust: manualTrust });
        await uninvited.start();
        await uninvited.close();
      },
      /expected Alice's phone to find the devices/,
    ],
  ])('%s', async (_, sabotage, complaint) => {
    const server = new LoopbackServer();
    await sabotage(server);
    const { written, terminal } = capturedTerminal();
    const code = await cli(['demo', '--store', 'memory', 'my own words'], terminal, [demoCommand(() => server)]);
    expect(written.error).toMatch(complaint);
    expect(code).toBe(1);
    expect(written.out).not.toContain('ok: ');
  });
});
