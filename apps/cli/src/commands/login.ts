import type { Account } from '../accounts/account.ts';
import { AccountFiles, policyNames } from '../accounts/account-files.ts';
import { passwordInEnvironment, readPassword } from '../accounts/password.ts';
import { CliError } from '../cli-error.ts';
import { teller } from '../facts/teller.ts';
import { ownSurroundings } from '../storage/data-directory.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { COMMON_USAGE, onDevice, parseAccountArgs } from './account-command.ts';
import { personIn } from './addresses.ts';
import type { Command } from './command.ts';
import { deviceFact } from './device-fact.ts';

const usage = `Usage: omemo-kit login JID [options]

Logs in to an account on its server, makes a device of this computer and announces it. The password is read from the
environment variable OMEMO_KIT_PASSWORD, typed, or piped in.

Options:
  --service URL    where the server is: wss://HOST/xmpp-websocket, xmpp://HOST:PORT, xmpps://HOST:PORT; by default
                   it is looked up by the domain of the JID
  --policy NAME    what new devices of others are worth before you looked at them: manual (nothing; the default),
                   trust-on-first-use, blind-trust-before-verification
  --forget         the password is not kept; it has to be given each time
  --heal           go on as a new device, after the records were put back from a copy
${COMMON_USAGE}

The account, its password and the device's keys are kept for this user alone, in omemo-kit/accounts of the data directory.`;

export const loginCommand: Command = {
  name: 'login',
  summary: 'make this computer a device of an account',
  usage,
  run,
};

async function run(args: readonly string[], terminal: Terminal): Promise<void> {
  const { values, positionals } = parseAccountArgs(args, {
    service: { type: 'string' },
    policy: { type: 'string' },
    forget: { type: 'boolean', default: false },
    heal: { type: 'boolean', default: false },
  });
  const jid = jidIn(positionals);
  const files = new AccountFiles(await ownSurroundings());
  // What is not said stays as it was.
  const before = await files.read(jid).catch(() => undefined);
  const password =
    passwordInEnvironment(process.env) ??
    (await readPassword({ env: process.env, stdin: process.stdin, stderr: process.stderr }, jid));
  const service = values.service ?? before?.service;
  const account: Account = {
    jid,
    policy: policyIn(values.policy) ?? before?.policy ?? 'manual',
    ...(service === undefined ? {} : { service }),
    ...(values.forget ? {} : { password }),
  };
  const tell = teller(terminal, values.json ? 'json' : 'text');
  await onDevice({ files, account, password, tell, heal: values.heal, activate: true }, async ({ omemo }) => {
    await files.write(account);
    tell({ type: 'account', jid, deviceId: omemo.deviceId, records: files.recordsOf(jid) });
    tell({ type: 'policy', jid, policy: account.policy });
    const devices = (await omemo.devices(jid, { refresh: 'always' })).filter(({ listed }) => listed);
    for (const device of devices) tell(deviceFact(device));
    tell({ type: 'verification-uri', jid, uri: await omemo.verificationUri() });
    const undecided = devices.filter(({ trust }) => trust === 'undecided').map(({ deviceId }) => deviceId);
    if (undecided.length === 0) return;
    const text = `nothing is sent until you decided on your other devices: omemo-kit trust ${jid} ${undecided.join(' ')}`;
    tell({ type: 'notice', about: 'undecided-devices', jid, text });
  });
}

function jidIn(positionals: readonly string[]): string {
  const [text, ...more] = positionals;
  if (text === undefined || more.length > 0) throw new CliError('usage', 'which JID?');
  return personIn(text);
}

function policyIn(text: string | undefined): Account['policy'] | undefined {
  const policy = policyNames.find((name) => name === text);
  if (text === undefined || policy !== undefined) return policy;
  throw new CliError('usage', `there is no policy "${text}"`, { hint: `the policies are ${policyNames.join(', ')}` });
}
