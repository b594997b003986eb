import {
  bundleRecord,
  identityRecord,
  preKeyRecord,
  recordKeys,
  sessionSetRecord,
  skippedRecord,
} from '@omemo-kit/omemo-core/records';
import type { Secret } from '@omemo-kit/primitives';
import type { MemorySnapshot } from '@omemo-kit/storage-memory';
import { hex } from './spent-keys.ts';

/** Every secret that the records of an account hold, in hex: the identity's, and those that are never to leave. */
export function storedSecrets(snapshot: MemorySnapshot, jid: string): { identity: string; others: string[] } {
  const keys = recordKeys(jid);
  const under = (prefix: string) => snapshot.filter(({ key }) => key.startsWith(`${prefix}/`));
  const found: (Secret | undefined)[] = under(keys.preKeyPrefix).map(
    (record) => preKeyRecord.decode(record).keyPair.privateKey,
  );
  for (const record of under(keys.allSkippedPrefix)) found.push(skippedRecord.decode(record).messageKey);
  for (const record of under(keys.sessionPrefix)) {
    for (const { ratchet } of sessionSetRecord.decode(record).sessions) {
      found.push(ratchet.rootKey, ratchet.ownRatchetKey.privateKey);
      found.push(ratchet.sendingChain?.key, ratchet.receivingChain?.key);
    }
  }
  const bundle = bundleRecord.decode(snapshot.find(({ key }) => key === keys.bundle)!);
  found.push(bundle.signedPreKey.keyPair.privateKey);
  const { identityKeyPair } = identityRecord.decode(snapshot.find(({ key }) => key === keys.identity)!);
  return {
    identity: hex(identityKeyPair.secret.expose()),
    others: found.flatMap((secret) => (secret === undefined ? [] : [hex(secret.expose())])),
  };
}
