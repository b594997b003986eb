import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { EventQueue } from '../../src/clients/chat-events.ts';
import { ejabberdAvailability, prosodyAvailability, qxmppAvailability, slixmppAvailability } from '../../src/index.ts';
import { scramSecrets } from '../../src/servers/scram-secrets.ts';

const folder = mkdtempSync(join(tmpdir(), 'omemo-interop-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('what is missing', () => {
  it.each([
    ['prosody', prosodyAvailability, /^apt-get install .*prosody$/],
    ['ejabberd', ejabberdAvailability, /^apt-get install .*ejabberd$/],
  ] as const)('of %s is told with the line that installs it', (_, look, install) => {
    expect(look({ PATH: `${folder}:/nowhere` })).toMatchObject({
      available: false,
      install: expect.stringMatching(install),
    });
  });

  it('of slixmpp is told by its modules', () => {
    const bare = join(folder, 'python3');
    writeFileSync(bare, '#!/bin/sh\necho slixmpp\n', { mode: 0o755 });
    const install = expect.stringContaining('python3-slixmpp');
    expect(slixmppAvailability(bare)).toEqual({ available: false, reason: `${bare} has no module slixmpp`, install });
  });

  it('of QXmpp is told from the variable to the program', () => {
    const told = (env: Record<string, string>): unknown => qxmppAvailability(env);
    const install = expect.stringContaining('make-root.sh');
    expect(told({})).toEqual({ available: false, reason: expect.stringContaining('OMEMO_DEBIAN13_ROOT'), install });
    expect(told({ OMEMO_DEBIAN13_ROOT: folder })).toMatchObject({ reason: expect.stringContaining('qxmpp-client') });
    mkdirSync(join(folder, 'opt/omemo-kit'), { recursive: true });
    writeFileSync(join(folder, 'opt/omemo-kit/qxmpp-client'), '');
    expect(told({ OMEMO_DEBIAN13_ROOT: folder })).toMatchObject({ reason: expect.stringContaining('no loader') });
    for (const path of ['lib64', 'usr/lib/x86_64-linux-gnu']) mkdirSync(join(folder, path), { recursive: true });
    writeFileSync(join(folder, 'lib64/ld-linux-x86-64.so.2'), '');
    expect(told({ OMEMO_DEBIAN13_ROOT: folder })).toEqual({ available: true });
  });
});

describe('EventQueue', () => {
  const message = (body: string) => ({ event: 'message', body });

  it('gives each event once, by name and in order, whether it came before or comes later', async () => {
    const queue = new EventQueue();
    queue.put(message('one'));
    queue.put({ event: 'empty' });
    queue.put(message('two'));
    expect([await queue.take('message', 1_000), await queue.take('message', 1_000)]).toEqual([
      message('one'),
      message('two'),
    ]);
    const [third, fourth] = [queue.take('message', 1_000), queue.take('message', 1_000)];
    queue.put(message('three'));
    queue.put(message('four'));
    expect([await third, await fourth]).toEqual([message('three'), message('four')]);
    expect(queue.rest).toEqual([{ event: 'empty' }]);
  });

  it('gives nothing when nothing comes, and keeps what comes after', async () => {
    const queue = new EventQueue();
    expect(await queue.take('plain', 1)).toBeUndefined();
    queue.put({ event: 'plain' });
    expect(queue.rest).toEqual([{ event: 'plain' }]);
  });
});

describe('scramSecrets', () => {
  it('salts every password anew, with the least of iterations that RFC 5802 has', () => {
    const [one, other] = [scramSecrets('secret'), scramSecrets('secret')];
    expect([one.iterations, one.storedKey.length, one.serverKey.length]).toEqual([4096, 20, 20]);
    expect(one.storedKey.equals(other.storedKey)).toBe(false);
  });
});
