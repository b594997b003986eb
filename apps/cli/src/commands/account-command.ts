import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { OmemoError } from '@omemo-kit/omemo-core';
import { TransportError } from '@omemo-kit/omemo-core/ports';
import { AccountFiles } from '../accounts/account-files.ts';
import { chooseAccount } from '../accounts/choose-account.ts';
import { passwordInEnvironment, readPassword } from '../accounts/password.ts';
import { CliError } from '../cli-error.ts';
import { type DeviceToUse, type OnlineDevice, withDevice } from '../connection/with-device.ts';
import { type Tell, teller } from '../facts/teller.ts';
import { ownSurroundings } from '../storage/data-directory.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** What every command on an account understands. */
const COMMON = {
  account: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const satisfies ParseArgsOptionsConfig;

export const COMMON_USAGE = `  --account JID    which account, where there are several; or the environment variable OMEMO_KIT_ACCOUNT
  --json           one JSON object a line
  --help           this text`;

/** The arguments of a command on an account, of which it knows these options beside the common ones. */
export function parseAccountArgs<const Options extends ParseArgsOptionsConfig>(
  args: readonly string[],
  options: Options,
) {
  return parseArgs({ args: [...args], allowPositionals: true, options: { ...options, ...COMMON } });
}

/** What a command on an account works with. */
export interface AccountSession extends DeviceToUse {
  readonly tell: Tell;
}

/** Finds the account and its password. @throws CliError `no-account`, `usage`. */
export async function openSession(
  values: { readonly account?: string | undefined; readonly json?: boolean | undefined },
  terminal: Terminal,
): Promise<AccountSession> {
  const files = new AccountFiles(await ownSurroundings());
  const account = await chooseAccount(files, values.account ?? process.env['OMEMO_KIT_ACCOUNT']);
  const password = passwordInEnvironment(process.env) ?? account.password ?? (await askPassword(account.jid));
  return { files, account, password, tell: teller(terminal, values.json ? 'json' : 'text') };
}

function askPassword(jid: string): Promise<string> {
  return readPassword({ env: process.env, stdin: process.stdin, stderr: process.stderr }, jid);
}

/** Does something with the account's device online; what OMEMO or the server refuse becomes a sentence. */
export async function onDevice<T>(session: AccountSession, work: (device: OnlineDevice) => Promise<T>): Promise<T> {
  try {
    return await withDevice(session, work);
  } catch (error) {
    throw asCliError(error);
  }
}

export function asCliError(error: unknown): unknown {
  if (error instanceof TransportError) {
    return new CliError('not-done', `the server: ${error.message}`, { cause: error });
  }
  if (!(error instanceof OmemoError)) return error;
  switch (error.code) {
    case 'invalid-argument':
      return new CliError('usage', error.message, { cause: error });
    case 'store-rolled-back':
      return new CliError('not-done', error.message, {
        cause: error,
        hint: 'omemo-kit login JID --heal goes on as a new device of the same identity',
      });
    default:
      return new CliError('not-done', error.message, { cause: error });
  }
}
