import type { Store, StoredRecord } from '@omemo-kit/omemo-core/ports';
import {
  boxStateRecord,
  bundleRecord,
  deviceListRecord,
  inboxRecord,
  outboxRecord,
  preKeyRecord,
  type RecordKeys,
  recordKeys,
  sessionSetRecord,
  skippedRecord,
  trustRecord,
} from '@omemo-kit/omemo-core/records';

/**
 * Reads every record of an account and says what cannot be: a record that does not decode, a box whose count is not that
 * of its entries, a published pre-key without its private half.
 */
export async function recordProblems(
  store: Store,
  account: string,
): Promise<{ readonly records: number; readonly problems: readonly string[] }> {
  const keys = recordKeys(account);
  const records = new Map<string, StoredRecord>();
  const problems: string[] = [];
  for await (const record of store.list(keys.account)) records.set(record.key, record);
  for (const [key, record] of records) {
    try {
      decoderOf(keys, key)?.decode(record);
    } catch (error) {
      problems.push(`${key} does not decode: ${String(error)}`);
    }
  }
  if (problems.length === 0) {
    problems.push(
      ...boxProblems(records, keys.inboxState, keys.inboxPrefix),
      ...boxProblems(records, keys.outboxState, keys.outboxPrefix),
      ...bundleProblems(records, keys),
    );
  }
  return { records: records.size, problems };
}

interface Decoder {
  decode(record: StoredRecord): unknown;
}

function decoderOf(keys: RecordKeys, key: string): Decoder | undefined {
  const under = (prefix: string) => key.startsWith(`${prefix}/`);
  if (under(keys.inboxPrefix)) return inboxRecord;
  if (under(keys.outboxPrefix)) return outboxRecord;
  if (under(keys.sessionPrefix)) return sessionSetRecord;
  if (under(keys.allSkippedPrefix)) return skippedRecord;
  if (under(keys.preKeyPrefix)) return preKeyRecord;
  if (under(keys.trustPrefix)) return trustRecord;
  if (under(keys.deviceListPrefix)) return deviceListRecord;
  if (key === keys.bundle) return bundleRecord;
  return undefined;
}

function boxProblems(records: ReadonlyMap<string, StoredRecord>, stateKey: string, prefix: string): readonly string[] {
  const state = records.get(stateKey);
  const count = state === undefined ? 0 : boxStateRecord.decode(state).count;
  const entries = [...records.keys()].filter((key) => key.startsWith(`${prefix}/`)).length;
  return count === entries ? [] : [`${stateKey} says ${count} and there are ${entries}`];
}

function bundleProblems(records: ReadonlyMap<string, StoredRecord>, keys: RecordKeys): readonly string[] {
  const record = records.get(keys.bundle);
  if (record === undefined) return [];
  const { preKeys, nextPreKeyId } = bundleRecord.decode(record);
  return preKeys.flatMap(({ id }) => {
    if (!records.has(keys.preKey(id))) return [`pre-key ${id} is in the bundle and its private half is not stored`];
    return id < nextPreKeyId ? [] : [`pre-key ${id} is in the bundle and its id will be given again`];
  });
}
