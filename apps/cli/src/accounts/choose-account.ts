import { CliError } from '../cli-error.ts';
import type { Account } from './account.ts';
import type { AccountFiles } from './account-files.ts';

/** The account that is named, or the only one there is. @throws CliError `no-account`. */
export async function chooseAccount(files: AccountFiles, named: string | undefined): Promise<Account> {
  const jid = named ?? (await onlyOne(files));
  const account = await files.read(jid);
  if (account !== undefined) return account;
  throw new CliError('no-account', `nobody logged in to ${jid} here`, { hint: `omemo-kit login ${jid}` });
}

async function onlyOne(files: AccountFiles): Promise<string> {
  const [jid, ...others] = await files.list();
  if (jid === undefined) throw new CliError('no-account', 'there is no account yet', { hint: 'omemo-kit login JID' });
  if (others.length === 0) return jid;
  throw new CliError('no-account', `there are several accounts: ${[jid, ...others].join(', ')}`, {
    hint: 'say which by --account JID, or by the environment variable OMEMO_KIT_ACCOUNT',
  });
}
