import { text as readAll } from 'node:stream/consumers';
import { isOmemoError, type Omemo, textBody } from '@omemo-kit/omemo-core';
import { CliError } from '../cli-error.ts';
import { checkSendable } from '../demo/text-content.ts';
import type { Tell } from '../facts/teller.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { COMMON_USAGE, onDevice, openSession, parseAccountArgs } from './account-command.ts';
import type { Command } from './command.ts';
import { notSent } from './not-sent.ts';

const usage = `Usage: omemo-kit send JID [words]
       command | omemo-kit send JID
       omemo-kit send JID --opt-out [reason]

Sends one encrypted message: the words, or what comes by standard input. Words that begin with a dash go after --.

Options:
  --opt-out        asks the other side to go on without OMEMO; the words are the reason
  --accept         the other side asked for that: no message will be encrypted for it any more
  --resume         ... or it did, and you go on with OMEMO all the same
${COMMON_USAGE}

Nothing is sent while a device of the other side, or of your own, waits for a decision: omemo-kit trust decides. The exit
status is 0 when the server has the message.`;

export const sendCommand: Command = { name: 'send', summary: 'send a message, also from a pipe', usage, run };

async function run(args: readonly string[], terminal: Terminal): Promise<void> {
  const { values, positionals } = parseAccountArgs(args, {
    'opt-out': { type: 'boolean', default: false },
    accept: { type: 'boolean', default: false },
    resume: { type: 'boolean', default: false },
  });
  const [to, ...words] = positionals;
  if (to === undefined) throw new CliError('usage', 'to whom?');
  const chosen = (['opt-out', 'accept', 'resume'] as const).filter((name) => values[name]);
  if (chosen.length > 1) throw new CliError('usage', `either ${chosen.map((name) => `--${name}`).join(' or ')}`);
  const special = values['opt-out'] || values.accept || values.resume;
  const text = words.length > 0 || special ? words.join(' ') : await piped();
  checkSendable(text);
  const session = await openSession(values, terminal);
  await onDevice(session, async ({ omemo }) => {
    if (values['opt-out']) {
      await omemo.optOut.send({ to, ...(text === '' ? {} : { reason: text }) });
      session.tell({ type: 'done', what: `${to} is asked to go on without OMEMO` });
    } else if (values.accept) {
      await omemo.optOut.confirm(to);
      session.tell({ type: 'done', what: `nothing is encrypted for ${to} any more` });
    } else {
      if (values.resume) {
        if ((await omemo.optOut.of(to)) === undefined)
          throw new CliError('not-done', `OMEMO is in use with ${to} already`);
        await omemo.optOut.resume(to);
        session.tell({ type: 'done', what: `messages to ${to} are encrypted again` });
      }
      if (text !== '' || !values.resume) await send(omemo, { to, text }, session.tell);
    }
  });
}

async function send(omemo: Omemo, { to, text }: { readonly to: string; readonly text: string }, tell: Tell) {
  try {
    // Nothing is pushed to a device that shows no presence.
    for (const jid of [to, omemo.jid]) await omemo.devices(jid, { refresh: 'always' });
    const { id, delivery, devices, skipped } = await omemo.send({ to, content: [textBody(text)] });
    const notReached = skipped.map(({ jid, deviceId, reason }) => ({ jid, deviceId, reason }));
    tell({ type: 'sent', id, to, devices: devices.length, delivery, skipped: notReached, unreached: [] });
  } catch (error) {
    throw isOmemoError(error, 'invalid-argument') ? error : notSent(error);
  }
}

async function piped(): Promise<string> {
  if (process.stdin.isTTY)
    throw new CliError('usage', 'there is nothing to send', { hint: 'say it after the JID, or pipe it in' });
  const text = (await readAll(process.stdin)).replace(/\r?\n$/, '');
  if (text === '') throw new CliError('usage', 'there is nothing to send');
  return text;
}
