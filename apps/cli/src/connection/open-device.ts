import { blindTrustBeforeVerification, manualTrust, type TrustPolicy, trustOnFirstUse } from '@omemo-kit/omemo-core';
import type { Store } from '@omemo-kit/omemo-core/ports';
import { SqliteStore } from '@omemo-kit/storage-sqlite';
import type { Account } from '../accounts/account.ts';
import type { AccountFiles } from '../accounts/account-files.ts';
import { storeTrouble } from '../storage/store-trouble.ts';

/** The records of the account's device. @throws CliError `store-unavailable`. */
export async function openRecords(files: AccountFiles, { jid }: Account): Promise<Store> {
  const file = files.recordsOf(jid);
  await files.prepare(jid);
  try {
    return await SqliteStore.open({ file });
  } catch (error) {
    throw storeTrouble(error, file);
  }
}

const policies: Readonly<Record<Account['policy'], TrustPolicy>> = {
  manual: manualTrust,
  'trust-on-first-use': trustOnFirstUse,
  'blind-trust-before-verification': blindTrustBeforeVerification,
};

export function policyOf({ policy }: Account): TrustPolicy {
  return policies[policy];
}
