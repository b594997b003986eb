import { CliError } from '../cli-error.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { COMMON_USAGE, onDevice, openSession, parseAccountArgs } from './account-command.ts';
import type { Command } from './command.ts';
import { deviceIdIn } from './devices.ts';

const usage = `Usage: omemo-kit reset-session JID [DEVICE] [options]
       omemo-kit reset-session --all

Starts new sessions with the devices of an account, one of them, or all there are: the cure where messages cannot be read
any more. What is under way over the old ones is read still.

Options:
  --all            with every device of everybody
${COMMON_USAGE}`;

export const resetSessionCommand: Command = {
  name: 'reset-session',
  summary: 'start new sessions, by hand',
  usage,
  run,
};

async function run(args: readonly string[], terminal: Terminal): Promise<void> {
  const { values, positionals } = parseAccountArgs(args, { all: { type: 'boolean', default: false } });
  const [jid, device, ...more] = positionals;
  if (more.length > 0 || values.all === (jid !== undefined)) throw new CliError('usage', 'with whom?');
  const session = await openSession(values, terminal);
  await onDevice(session, async ({ omemo }) => {
    const which = {
      ...(jid === undefined ? {} : { jid }),
      ...(device === undefined ? {} : { deviceId: deviceIdIn(device) }),
    };
    const replaced = await omemo.replaceSessions(which);
    if (replaced.length === 0) throw new CliError('not-done', 'there is no session to replace');
    for (const [of, devices] of Map.groupBy(replaced, (one) => one.jid)) {
      session.tell({ type: 'replaced', jid: of, deviceIds: devices.map(({ deviceId }) => deviceId) });
    }
  });
}
