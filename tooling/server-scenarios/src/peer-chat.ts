import type { ChatClient } from '@omemo-kit/interop';
import { expect, onTestFinished } from 'vitest';
import { Device } from './device.ts';
import { eventually } from './eventually.ts';
import type { RealServerUnderTest } from './real-server-under-test.ts';

/** One of our devices and, over TCP, a client of somebody else's, which have not heard of each other. */
export async function strangers<Client extends ChatClient>(
  server: RealServerUnderTest,
  start: (options: { jid: string; password: string; port: number; label: string }) => Promise<Client>,
): Promise<{ readonly ours: Device; readonly theirs: Client; readonly server: RealServerUnderTest }> {
  const ours = await Device.online(server);
  const theirs = await start({ ...server.freshAccount(), port: server.c2sPort, label: 'theirs' });
  onTestFinished(() => theirs.close());
  return { ours, theirs, server };
}

/** Each writes, in turns, and everything is read by the other in order, nothing else happens, and nobody complains. */
export async function talkInTurns(ours: Device, theirs: ChatClient, turns: number): Promise<void> {
  for (let turn = 1; turn <= turns; turn++) {
    await ours.say(theirs.jid, `ours ${turn}`);
    expect(await theirs.next('message')).toMatchObject({ body: `ours ${turn}`, sender: ours.jid });
    await theirs.send({ to: ours.jid, body: `theirs ${turn}` });
    await eventually(() => ours.texts.at(-1)).toBe(`theirs ${turn}`);
  }
  expect([ours.unread, ours.troubles, theirs.untaken.filter((name) => name !== 'empty')]).toEqual([[], [], []]);
}
