import { textBody } from '@omemo-kit/omemo-core';
import { TransportError } from '@omemo-kit/omemo-core/ports';
import { type AttachedOmemo, type StanzaChannel, xml } from '@omemo-kit/transport-stanzas';
import { CliError } from '../cli-error.ts';
import { withAttached } from '../connection/with-attached.ts';
import { checkSendable } from '../demo/text-content.ts';
import { messageFact } from '../facts/heard.ts';
import type { Tell } from '../facts/teller.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { asCliError, COMMON_USAGE, openSession, parseAccountArgs } from './account-command.ts';
import { personIn, roomIn } from './addresses.ts';
import type { Command } from './command.ts';
import { tellNotices } from './listen.ts';
import { notSent } from './not-sent.ts';

const usage = `Usage: omemo-kit room ROOM/NICK [words]

Enters a room, shows who belongs to it, and sends the words to all its members, those who are not there now included.
Rooms that hide who their members are, and open ones, are refused: nobody could say who reads.

Options:
  --add JID        makes somebody a member, where you may; may be said several times
  --remove JID     ... or takes somebody out
  --open           sends to an open room all the same
${COMMON_USAGE}

omemo-kit listen --room ROOM/NICK stays in it.`;

export const roomCommand: Command = { name: 'room', summary: 'members of a room, and messages to it', usage, run };

async function run(args: readonly string[], terminal: Terminal): Promise<void> {
  const { values, positionals } = parseAccountArgs(args, {
    add: { type: 'string', multiple: true },
    remove: { type: 'string', multiple: true },
    open: { type: 'boolean', default: false },
  });
  const [address, ...words] = positionals;
  if (address === undefined) throw new CliError('usage', 'which room?');
  const room = roomIn(address);
  const text = words.join(' ');
  checkSendable(text);
  const changes = [
    ...(values.add ?? []).map((jid) => ({ jid: personIn(jid), affiliation: 'member' as const })),
    ...(values.remove ?? []).map((jid) => ({ jid: personIn(jid), affiliation: 'none' as const })),
  ];
  const session = await openSession(values, terminal);
  try {
    await withAttached(session, {
      listen: (attached) => {
        attached.on('message', (message) => {
          const fact = messageFact(message);
          if (fact !== undefined) session.tell(fact);
        });
        tellNotices(attached, session.tell);
      },
      work: async (attached, channel) => {
        const { room: jid } = await attached.joinRoom(room);
        await affiliate(channel, await membersOf(attached, jid), { room: jid, changes });
        if (changes.length > 0) await attached.omemo.rooms.room(jid).refresh();
        // Members may have begun with OMEMO since somebody last wrote to them.
        for (const member of await attached.omemo.rooms.room(jid).members())
          await attached.omemo.devices(member.jid, { refresh: 'always' });
        await showMembers(attached, jid, session.tell);
        if (text !== '') await send(attached, { jid, text, open: values.open }, session.tell);
      },
    });
  } catch (error) {
    throw asCliError(error);
  }
}

interface Change {
  readonly jid: string;
  readonly affiliation: 'member' | 'none';
}

async function membersOf({ omemo }: AttachedOmemo, room: string): Promise<ReadonlySet<string>> {
  await omemo.rooms.room(room).refresh();
  return new Set((await omemo.rooms.room(room).members()).map(({ jid }) => jid));
}

/** Changes who belongs to a room (XEP-0045 9.3, 9.4), one by one: Prosody takes the first of several and is silent about the rest. */
async function affiliate(
  channel: StanzaChannel,
  members: ReadonlySet<string>,
  wanted: { readonly room: string; readonly changes: readonly Change[] },
): Promise<void> {
  const { room, changes } = wanted;
  for (const { jid, affiliation } of changes) {
    if (affiliation === 'none' && !members.has(jid))
      throw new CliError('not-done', `${jid} does not belong to the room`);
    const query = xml('query', { xmlns: 'http://jabber.org/protocol/muc#admin' }, xml('item', { jid, affiliation }));
    try {
      await channel.request(xml('iq', { type: 'set', to: room }, query));
    } catch (cause) {
      if (!(cause instanceof TransportError)) throw cause;
      const what = affiliation === 'member' ? `${jid} cannot be made a member` : `${jid} cannot be taken out`;
      throw new CliError('not-done', `${what}: the room answers ${cause.condition}`, { cause });
    }
  }
}

async function showMembers({ omemo }: AttachedOmemo, jid: string, tell: Tell): Promise<void> {
  const { members } = await omemo.rooms.room(jid).membership();
  tell({ type: 'room', jid, members: members.map(({ jid: member, affiliation }) => ({ jid: member, affiliation })) });
}

async function send(
  { omemo }: AttachedOmemo,
  what: { readonly jid: string; readonly text: string; readonly open: boolean },
  tell: Tell,
): Promise<void> {
  const { jid, text, open } = what;
  const room = omemo.rooms.room(jid, open ? { open: 'allow' } : {});
  try {
    const { id, delivery, devices, skipped, unreached } = await room.send({ content: [textBody(text)] });
    const notReached = skipped.map(({ jid: of, deviceId, reason }) => ({ jid: of, deviceId, reason }));
    const without = unreached.map((one) => one.jid);
    tell({ type: 'sent', id, to: jid, devices: devices.length, delivery, skipped: notReached, unreached: without });
  } catch (error) {
    throw notSent(error);
  }
}
