import { newBundle } from '../bundles/own-bundle.ts';
import { OmemoError } from '../errors.ts';
import { type Limits, limitsWith } from '../limits.ts';
import { type Randomness, systemRandomness } from '../ports/randomness.ts';
import type { Store } from '../ports/store.ts';
import { bundleRecord, preKeyRecord } from '../records/bundle.ts';
import { type IdentityRecord, identityRecord } from '../records/identity.ts';
import { recordKeys } from '../records/keys.ts';
import { type TrustRecord, trustRecord } from '../records/trust.ts';
import { RecordCache } from '../storage/record-cache.ts';
import { transact } from '../storage/transact.ts';
import { noKeys, withDecision } from '../trust/known-keys.ts';
import { type BackupContents, backupContents } from './contents.ts';
import type { BackupProtection } from './protection.ts';
import { openFile } from './sealed-file.ts';

export interface RestoreOptions {
  readonly store: Store;
  readonly backup: Uint8Array;
  readonly protection: BackupProtection;
  /**
   * `gone`: the device that the backup is of is lost or wiped; the next `start` takes it off the device list. `kept`: it
   * goes on beside this one, under its own device id.
   */
  readonly oldDevice: 'gone' | 'kept';
  /** Name of the device's records in the store; the JID by default. */
  readonly account?: string;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
  readonly randomness?: Randomness;
  readonly limits?: Partial<Limits>;
}

export interface Restored {
  /** Bare JID of the account; `Omemo.open` with it comes next. */
  readonly jid: string;
  readonly deviceId: number;
  /** When the backup was made, in milliseconds since 1970. */
  readonly createdAt: number;
}

/**
 * Makes a device out of a backup: the same identity key and the same decisions, a new device id, new pre-keys whose ids
 * were never given, no sessions (S13, S28). Contacts who verified the identity key have nothing to compare again.
 *
 * @throws OmemoError `account-exists` when the store has a device of that name, with nothing changed;
 * `backup-unreadable`, `newer-schema`, `corrupt-record`; StoreError.
 */
export async function restoreBackup(options: RestoreOptions): Promise<Restored> {
  const { store, oldDevice, clock = Date.now, randomness = systemRandomness } = options;
  if (oldDevice !== 'gone' && oldDevice !== 'kept') {
    throw new OmemoError('invalid-argument', 'oldDevice is "gone" or "kept"');
  }
  const limits = limitsWith(options.limits);
  const contents = backupContents.decode(
    await openFile(options.backup, { protection: options.protection, newestVersion: backupContents.version }),
  );
  const { jid, createdAt } = contents;
  const keys = recordKeys(options.account ?? jid);
  const identity = newIdentity(identityRecord.decode(contents.identity), {
    oldDevice,
    deviceId: randomness.deviceId(),
    now: clock(),
  });
  const { bundle, preKeys } = newBundle({ identity, randomness, limits, now: clock() }, contents);
  // Nobody listens to an account that is being made.
  const emit = () => {};
  await transact({ store, cache: new RecordCache(), randomness, limits, emit }, async (unit) => {
    await unit.load([keys.identity, keys.bundle, ...contents.trust.map((one) => keys.trust(one.jid))]);
    if ((await unit.get(identityRecord, keys.identity)) !== undefined) {
      throw new OmemoError('account-exists', 'the store has a device of this name already');
    }
    unit.put(identityRecord, keys.identity, identity);
    unit.put(bundleRecord, keys.bundle, bundle);
    for (const preKey of preKeys) unit.put(preKeyRecord, keys.preKey(preKey.id), preKey);
    for (const [account, record] of trustOf(contents, { identity, oldDevice }))
      unit.put(trustRecord, keys.trust(account), record);
  });
  return { jid, deviceId: identity.deviceId, createdAt };
}

function newIdentity(
  own: IdentityRecord,
  made: { readonly oldDevice: 'gone' | 'kept'; readonly deviceId: number; readonly now: number },
): IdentityRecord {
  const former = made.oldDevice === 'gone' ? [...own.formerDeviceIds, own.deviceId] : own.formerDeviceIds;
  return {
    ...own,
    deviceId: made.deviceId,
    createdAt: made.now,
    announcedAt: undefined,
    formerDeviceIds: former,
    rolledBack: undefined,
    standing: 'active',
  };
}

/** The decisions of the backup. Where the old device goes on it shows our own identity key, which nobody has to judge. */
function trustOf(
  contents: BackupContents,
  { identity, oldDevice }: { readonly identity: IdentityRecord; readonly oldDevice: 'gone' | 'kept' },
): ReadonlyMap<string, TrustRecord> {
  const trust = new Map(contents.trust.map(({ jid, record }) => [jid, trustRecord.decode(record)]));
  if (oldDevice === 'gone') return trust;
  const identityKey = identity.identityKeyPair.publicKey;
  const own = withDecision(trust.get(identity.jid) ?? noKeys, {
    identityKey,
    level: 'trusted',
    now: identity.createdAt,
  });
  return trust.set(identity.jid, own);
}
