import { useTwomemoPeer } from '@omemo-kit/interop/vitest';
import type { PythonInRoom } from './python-in-room.ts';
import { PythonMember } from './python-member.ts';
import type { AccountUnderTest, ServerUnderTest } from './server-under-test.ts';
import { SlixmppMember } from './slixmpp-member.ts';

/** What `describePeer` is to look for, for the block that {@link pythonMembers} is used in. */
export function pythonFor({ software }: ServerUnderTest): 'twomemo' | 'slixmpp' {
  return software === 'loopback' ? 'twomemo' : 'slixmpp';
}

/**
 * For a block of tests: makes members of a room with python-omemo, on real servers as a client on slixmpp. No program can
 * connect to the loopback server: there python-omemo sits on a connection of ours.
 */
export function pythonMembers(
  server: ServerUnderTest,
): (member: { readonly account: AccountUnderTest; readonly room: string }) => Promise<PythonInRoom> {
  if (server.software !== 'loopback') return (member) => SlixmppMember.online({ ...member, port: server.c2sPort! });
  const peer = useTwomemoPeer();
  return (member) => PythonMember.online({ ...member, server, peer: peer() });
}
