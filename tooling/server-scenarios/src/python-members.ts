import { SlixmppClient } from '@omemo-kit/interop';
import { useTwomemoPeer } from '@omemo-kit/interop/vitest';
import { afterAll, beforeAll } from 'vitest';
import type { PythonInRoom } from './python-in-room.ts';
import { PythonMember } from './python-member.ts';
import type { ServerUnderTest } from './server-under-test.ts';
import { SlixmppMember } from './slixmpp-member.ts';

/** What `describePeer` is to look for, for the block that {@link pythonMembers} is used in. */
export function pythonFor({ software }: ServerUnderTest): 'twomemo' | 'slixmpp' {
  return software === 'loopback' ? 'twomemo' : 'slixmpp';
}

/**
 * For a block of tests: how a room gets a member with python-omemo, on real servers one client on slixmpp for the block. No program
 * can connect to the loopback server: there python-omemo sits on a connection of ours.
 */
export function pythonMembers(server: ServerUnderTest): (room: string) => Promise<PythonInRoom> {
  if (server.software === 'loopback') {
    const peer = useTwomemoPeer();
    return (room) => PythonMember.online({ server, peer: peer(), account: server.freshAccount(), room });
  }
  let client: SlixmppClient | undefined;
  beforeAll(async () => {
    client = await SlixmppClient.start({ ...server.freshAccount(), port: server.c2sPort! });
  });
  afterAll(() => client?.close());
  return async (room) => new SlixmppMember(client!, room);
}
