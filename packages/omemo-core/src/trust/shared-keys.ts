import { storedIdentity } from '../account/identity.ts';
import type { AccountContext } from '../context.ts';
import { toHex } from '../records/bytes.ts';
import { trustRecord } from '../records/trust.ts';
import type { UnitOfWork } from '../storage/unit-of-work.ts';

/** Who else has an identity key. */
export type AlsoOf = (jid: string, identityKey: Uint8Array | undefined) => readonly string[];

/**
 * Looks which accounts show the same identity keys. Somebody who publishes another one's key as their own cannot read with it, but
 * could pass on what was meant for the other (S21). It reads what is known of every account, so that it is for when keys are
 * shown to a person and not for each message.
 */
export async function sharedKeys(context: AccountContext, unit: UnitOfWork): Promise<AlsoOf> {
  const { jid: ownJid, keys } = context;
  const owners = new Map<string, Set<string>>();
  const note = (identityKey: Uint8Array, jid: string) => {
    const hex = toHex(identityKey);
    owners.set(hex, (owners.get(hex) ?? new Set()).add(jid));
  };
  note((await storedIdentity(context, unit)).identityKeyPair.publicKey, ownJid);
  for (const { key, value } of await unit.list(trustRecord, keys.trustPrefix)) {
    const jid = decodeURIComponent(key.slice(keys.trustPrefix.length + 1));
    for (const { identityKey, changedTo } of value.devices) {
      note(identityKey, jid);
      if (changedTo !== undefined) note(changedTo, jid);
    }
  }
  return (jid, identityKey) => {
    const all = identityKey === undefined ? [] : [...(owners.get(toHex(identityKey)) ?? [])];
    return all.filter((other) => other !== jid).sort();
  };
}
