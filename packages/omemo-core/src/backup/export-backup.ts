import { jidArgument } from '../arguments.ts';
import { OmemoError } from '../errors.ts';
import type { Store, StoredRecord } from '../ports/store.ts';
import { bundleRecord } from '../records/bundle.ts';
import { identityRecord } from '../records/identity.ts';
import { recordKeys } from '../records/keys.ts';
import { trustRecord } from '../records/trust.ts';
import { backupContents, type KeptRecord } from './contents.ts';
import type { BackupProtection } from './protection.ts';
import { sealFile } from './sealed-file.ts';

export interface ExportOptions {
  readonly store: Store;
  /** Bare JID of the account. */
  readonly jid: string;
  /** Name of the device's records in the store, where it is not the JID. */
  readonly account?: string;
  readonly protection: BackupProtection;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
}

/**
 * The backup of a device: identity key, label, and every decision on the keys of others. Sessions and pre-keys are left
 * out, and message keys with them; messages are the application's own to keep. An Omemo may be open on the store.
 *
 * @throws OmemoError `invalid-argument` when the store has no device of this account, `newer-schema`, `corrupt-record`;
 * StoreError.
 */
export async function exportBackup(options: ExportOptions): Promise<Uint8Array> {
  const { store, protection, clock = Date.now } = options;
  const jid = jidArgument(options.jid);
  const keys = recordKeys(options.account ?? jid);
  const [identity, bundle] = await store.get([keys.identity, keys.bundle]);
  if (identity === undefined || bundle === undefined || identityRecord.decode(identity).jid !== jid) {
    throw new OmemoError('invalid-argument', 'there is no device of this account in the store');
  }
  const { nextPreKeyId, nextSignedPreKeyId } = bundleRecord.decode(bundle);
  const trust: { jid: string; record: KeptRecord }[] = [];
  for await (const record of store.list(keys.trustPrefix)) {
    // A record that cannot be read is not to be found out when the backup is needed.
    trustRecord.decode(record);
    trust.push({ jid: decodeURIComponent(record.key.slice(keys.trustPrefix.length + 1)), record: kept(record) });
  }
  const contents = { jid, identity: kept(identity), nextPreKeyId, nextSignedPreKeyId, trust, createdAt: clock() };
  return sealFile({ version: backupContents.version, value: backupContents.encode(contents) }, protection);
}

function kept({ version, value }: StoredRecord): KeptRecord {
  return { version, value };
}
