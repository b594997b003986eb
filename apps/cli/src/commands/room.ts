import { textBody } from '@omemo-kit/omemo-core';
import type { AttachedOmemo } from '@omemo-kit/transport-stanzas';
import { CliError } from '../cli-error.ts';
import { withAttached } from '../connection/with-attached.ts';
import { checkSendable } from '../demo/text-content.ts';
import { messageFact } from '../facts/heard.ts';
import type { Tell } from '../facts/teller.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { asCliError, COMMON_USAGE, openSession, parseAccountArgs } from './account-command.ts';
import type { Command } from './command.ts';
import { tellNotices } from './listen.ts';
import { notSent } from './not-sent.ts';
import { roomIn } from './room-address.ts';

const usage = `Usage: omemo-kit room ROOM/NICK [words]

Enters a room, shows who belongs to it, and sends the words to all its members, those who are not there now included.
Rooms that hide who their members are, and open ones, are refused: nobody could say who reads.

Options:
  --open           sends to an open room all the same
${COMMON_USAGE}

omemo-kit listen --room ROOM/NICK stays in it.`;

export const roomCommand: Command = { name: 'room', summary: 'members of a room, and messages to it', usage, run };

async function run(args: readonly string[], terminal: Terminal): Promise<void> {
  const { values, positionals } = parseAccountArgs(args, { open: { type: 'boolean', default: false } });
  const [address, ...words] = positionals;
  if (address === undefined) throw new CliError('usage', 'which room?');
  const room = roomIn(address);
  const text = words.join(' ');
  checkSendable(text);
  const session = await openSession(values, terminal);
  try {
    await withAttached(session, {
      listen: (attached) => {
        attached.on('message', (message) => session.tell(messageFact(message)));
        tellNotices(attached, session.tell);
      },
      work: async (attached) => {
        const { room: jid } = await attached.joinRoom(room);
        await showMembers(attached, jid, session.tell);
        if (text !== '') await send(attached, { jid, text, open: values.open }, session.tell);
      },
    });
  } catch (error) {
    throw asCliError(error);
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
