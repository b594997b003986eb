import { isOmemoError, type OmemoEvents } from '@omemo-kit/omemo-core';
import type { AttachedOmemo } from '@omemo-kit/transport-stanzas';
import { CliError } from '../cli-error.ts';
import { withAttached } from '../connection/with-attached.ts';
import { bouncedFact, failedFact, messageFact, optOutFact, roomMembersFact, troubleFact } from '../facts/heard.ts';
import type { Tell } from '../facts/teller.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { asCliError, COMMON_USAGE, openSession, parseAccountArgs } from './account-command.ts';
import { roomIn } from './addresses.ts';
import type { Command } from './command.ts';

const usage = `Usage: omemo-kit listen [options]

Shows what comes, what other devices of the account write, and what came since the last time. A message counts as read
once it is printed: after a crash it is printed again, under the same id.

Options:
  --room ROOM/NICK  also enters this room; may be said several times
  --count N         ends after so many messages
  --seconds N       ends after so long
${COMMON_USAGE}

Ctrl-C ends it.`;

export const listenCommand: Command = { name: 'listen', summary: 'show what comes', usage, run };

async function run(args: readonly string[], terminal: Terminal): Promise<void> {
  const { values, positionals } = parseAccountArgs(args, {
    room: { type: 'string', multiple: true },
    count: { type: 'string' },
    seconds: { type: 'string' },
  });
  if (positionals.length > 0) throw new CliError('usage', `what is "${positionals[0]}"?`);
  const rooms = (values.room ?? []).map((text) => roomIn(text));
  const end = endAfter(numberIn('count', values.count), numberIn('seconds', values.seconds));
  const session = await openSession(values, terminal);
  try {
    await withAttached(session, {
      listen: (attached) => {
        attached.on('message', (message) => {
          const fact = messageFact(message);
          if (fact !== undefined) session.tell(fact);
          end.heard();
        });
        tellNotices(attached, session.tell);
      },
      work: async (attached) => {
        for (const room of rooms) await attached.joinRoom(room);
        session.tell({ type: 'listening', jid: session.account.jid, rooms: rooms.map(({ room }) => room) });
        await end.reached;
      },
    });
  } catch (error) {
    throw asCliError(error);
  } finally {
    end.stop();
  }
}

/** What a person is to know beside the messages (XEP-0384 5.6, 5.7, section 6). */
export function tellNotices(attached: AttachedOmemo, tell: Tell): void {
  const { omemo } = attached;
  attached.on('failed', (event) => {
    const fact = failedFact(event, omemo);
    if (fact !== undefined) tell(fact);
  });
  attached.on('bounced', (event) => tell(bouncedFact(event)));
  attached.on('trouble', (event) => {
    // What was under way when we went is read the next time.
    if (!isOmemoError(event.cause, 'closed') && !isOmemoError(event.cause, 'aborted')) tell(troubleFact(event));
  });
  omemo.on('identity-changed', ({ jid, deviceId }: OmemoEvents['identity-changed']) =>
    tell({
      type: 'notice',
      about: 'identity changed',
      jid,
      deviceId,
      text: 'compare its fingerprint before you write on',
    }),
  );
  omemo.on('opt-out', (event) => tell(optOutFact(event)));
  omemo.on('room-members', (event) => {
    const fact = roomMembersFact(event);
    if (fact !== undefined) tell(fact);
  });
}

function numberIn(name: string, text: string | undefined): number | undefined {
  if (text === undefined || /^[1-9]\d{0,8}$/.test(text)) return text === undefined ? undefined : Number(text);
  throw new CliError('usage', `--${name} takes a number`);
}

/** When to stop listening: by Ctrl-C, after so many messages, after so long. */
function endAfter(count: number | undefined, seconds: number | undefined) {
  const { promise: reached, resolve } = Promise.withResolvers<void>();
  let left = count ?? Number.POSITIVE_INFINITY;
  const onSignal = () => resolve();
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  const timer = seconds === undefined ? undefined : setTimeout(resolve, seconds * 1000);
  return {
    reached,
    heard: () => {
      left -= 1;
      if (left <= 0) resolve();
    },
    stop: () => {
      process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
      clearTimeout(timer);
    },
  };
}
