import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Ejabberd, InteropError, Prosody, type XmppServer } from '../../src/index.ts';
import { type ServerSoftware, startServer } from '../../src/servers/start-server.ts';
import { describePeer } from '../../src/vitest/index.ts';

const PROSODY_MODULE = new URL('../../src/index.ts', import.meta.url).href;

/** Resolves once nothing answers at that port any more. */
async function gone({ c2sPort }: { readonly c2sPort: number }): Promise<boolean> {
  return fetch(`http://127.0.0.1:${c2sPort}`).then(
    () => false,
    (error: unknown) => JSON.stringify((error as Error).cause, ['code']).includes('ECONNREFUSED'),
  );
}

/** Whether a WebSocket of XMPP opens there. */
async function opensWebSocket({ websocketUrl }: XmppServer): Promise<boolean> {
  const socket = new WebSocket(websocketUrl, 'xmpp');
  const opened = await new Promise<boolean>((resolve) => {
    socket.onopen = () => resolve(socket.protocol === 'xmpp');
    socket.onerror = () => resolve(false);
  });
  socket.close();
  return opened;
}

describePeer('prosody', 'Prosody', () => {
  it('serves its accounts on its domains, by TCP and WebSocket, several of them side by side', async () => {
    await using one = await Prosody.start({
      accounts: ['alice', 'bob@b.example'],
      domains: ['a.example', 'b.example'],
    });
    await using other = await Prosody.start({ accounts: ['alice'] });
    expect(one).toMatchObject({
      software: 'prosody',
      domain: 'a.example',
      mucDomain: 'rooms.a.example',
      host: '127.0.0.1',
    });
    expect(one.account('alice')).toEqual(one.account('alice@a.example'));
    expect(one.account('bob@b.example').jid).toBe('bob@b.example');
    expect(other.account('alice').password).not.toBe(one.account('alice').password);
    expect(other.c2sPort).not.toBe(one.c2sPort);
    expect(await Promise.all([opensWebSocket(one), opensWebSocket(other)])).toEqual([true, true]);
  });

  it('is gone with its folder after close', async () => {
    const server = await Prosody.start({ accounts: [] });
    const folder = String(readlinkSync(`/proc/${server.pid}/cwd`));
    expect(existsSync(folder)).toBe(true);
    await server.close();
    expect([server.pid, await gone(server), existsSync(folder)]).toEqual([undefined, true, false]);
    await server.close();
  });

  it('does not outlive a process that is killed', async () => {
    const script = `
      import { Prosody } from ${JSON.stringify(PROSODY_MODULE)};
      const { c2sPort, pid } = await Prosody.start({ accounts: [] });
      process.stdout.write(JSON.stringify({ c2sPort, pid }));
      setInterval(() => {}, 1000);
    `;
    const args = ['--conditions=@omemo-kit/source', '--input-type=module', '-e', script];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const [text] = (await once(child.stdout, 'data')) as [Buffer];
    const server: { c2sPort: number; pid: number } = JSON.parse(String(text));
    expect(await gone(server)).toBe(false);
    child.kill('SIGKILL');
    await expect.poll(() => gone(server), { timeout: 10_000 }).toBe(true);
    await expect.poll(() => existsSync(`/proc/${server.pid}`), { timeout: 10_000 }).toBe(false);
  });

  it('refuses accounts on domains that it does not serve, and knows no others', async () => {
    await expect(Prosody.start({ accounts: ['alice@elsewhere.example'] })).rejects.toMatchObject({
      code: 'no-such-account',
    });
    await using server = await Prosody.start({ accounts: ['alice'] });
    expect(() => server.account('mallory')).toThrow(expect.objectContaining({ code: 'no-such-account' }));
  });
});

describePeer('ejabberd', 'ejabberd', () => {
  it('is behind the same interface, and is gone after close', async () => {
    const server = await Ejabberd.start({ accounts: ['alice'], domains: ['a.example'] });
    expect(server).toMatchObject({ software: 'ejabberd', domain: 'a.example', mucDomain: 'rooms.a.example' });
    expect(await opensWebSocket(server)).toBe(true);
    await server.close();
    expect(await gone(server)).toBe(true);
  });
});

// With stand-ins for the software: what is tried here is what the driver does when it fails.
const standIn = (script: string): ServerSoftware => ({
  name: 'prosody',
  prepare: async () => ({ command: '/bin/sh', args: ['-c', `pwd; ${script}`] }),
  ready: (log) => log.includes('ready'),
  portTaken: (log) => log.includes('taken'),
});

describe('a server that does not come up', () => {
  it('is told with what it logged, and leaves nothing behind', async () => {
    const failing = startServer(standIn('echo "line 7: no such module" >&2; exit 3'), { accounts: [] });
    const error: InteropError = await failing.then(
      () => expect.unreachable(),
      (caught) => caught,
    );
    expect([error.code, error.message]).toEqual([
      'peer-unavailable',
      expect.stringMatching(/it ended \(3\)[\s\S]*line 7: no such module/),
    ]);
    const [folder] = /\/.*omemo-kit-prosody-\w+/.exec(error.message)!;
    expect(existsSync(folder)).toBe(false);
  });

  it('is told when it does not get ready in time, and is ended', async () => {
    const slow = startServer(standIn('echo pid $$; exec sleep 600'), { accounts: [], timeoutMs: 300 });
    const error: InteropError = await slow.then(
      () => expect.unreachable(),
      (caught) => caught,
    );
    expect(error.message).toContain('it was not ready in 300 ms');
    const [, pid] = /pid (\d+)/.exec(error.message)!;
    expect(existsSync(`/proc/${pid}`)).toBe(false);
  });

  it('is told when it says that it is ready, and answers no stream', async () => {
    const mute = startServer(standIn('echo ready; exec sleep 600'), { accounts: [], timeoutMs: 5_000 });
    await expect(mute).rejects.toMatchObject({
      code: 'peer-unavailable',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });

  it('is tried again on other ports when its port was taken, and in the end is told of', async () => {
    let attempts = 0;
    const blocked = standIn('echo port taken; exec sleep 600');
    const software: ServerSoftware = {
      ...blocked,
      prepare: (site) => {
        attempts += 1;
        return blocked.prepare(site);
      },
    };
    await expect(startServer(software, { accounts: [] })).rejects.toBeInstanceOf(InteropError);
    expect(attempts).toBe(4);
  });
});
