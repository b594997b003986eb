import { CliError } from '../cli-error.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { COMMON_USAGE, onDevice, openSession, parseAccountArgs } from './account-command.ts';
import type { Command } from './command.ts';
import { deviceFact } from './device-fact.ts';

const usage = `Usage: omemo-kit devices [JID] [options]

Shows the devices of an account, by default the own one, with what people compare.

Options:
  --label TEXT     publishes a name for this device, signed; --label "" takes it back. Some clients cannot read a list
                   that has one
  --remove ID      takes another own device off the list, with its bundle; may be said several times
  --deactivate     takes this device off the list, with its bundle; login brings it back
${COMMON_USAGE}`;

export const devicesCommand: Command = { name: 'devices', summary: 'whose devices there are', usage, run };

async function run(args: readonly string[], terminal: Terminal): Promise<void> {
  const { values, positionals } = parseAccountArgs(args, {
    label: { type: 'string' },
    remove: { type: 'string', multiple: true },
    deactivate: { type: 'boolean', default: false },
  });
  const [jid, ...more] = positionals;
  if (more.length > 0) throw new CliError('usage', 'one JID at a time');
  const remove = (values.remove ?? []).map(deviceIdIn);
  const session = await openSession(values, terminal);
  await onDevice(session, async ({ omemo }) => {
    if (values.label !== undefined) await omemo.account.setLabel(values.label === '' ? undefined : values.label);
    if (remove.length > 0) {
      const listed = (await omemo.devices(omemo.jid, { refresh: 'always' })).filter((device) => device.listed);
      const missing = remove.find((id) => !listed.some(({ deviceId }) => deviceId === id));
      if (missing !== undefined) throw new CliError('not-done', `there is no device ${missing} on the list`);
      await omemo.account.removeDevices(remove);
    }
    if (values.deactivate) {
      const { deviceId } = omemo;
      await omemo.account.deactivate();
      session.tell({ type: 'done', what: `device ${deviceId} is taken off the list` });
      return;
    }
    await omemo.settle();
    const devices = await omemo.devices(jid ?? omemo.jid, { refresh: 'always' });
    for (const device of devices) session.tell(deviceFact(device));
    if (devices.length === 0) {
      throw new CliError('not-done', `${jid ?? omemo.jid} has no device with OMEMO, as far as its server says`);
    }
  });
}

export function deviceIdIn(text: string): number {
  if (/^\d{1,10}$/.test(text)) return Number(text);
  throw new CliError('usage', `"${text}" is no device id`);
}
