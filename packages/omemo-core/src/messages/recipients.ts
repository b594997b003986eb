import type { BareJid } from '@omemo-kit/omemo-wire';
import type { Ed25519PublicKey } from '@omemo-kit/primitives';
import type { AccountContext } from '../context.ts';
import { deviceListRecord } from '../records/device-list.ts';
import type { IdentityRecord } from '../records/identity.ts';
import { sessionSetRecord } from '../records/session.ts';
import { type TrustLevel, trustRecord } from '../records/trust.ts';
import { noSessions, type SessionSet } from '../sessions/session.ts';
import { sessionWith } from '../sessions/session-set.ts';
import type { UnitOfWork } from '../storage/unit-of-work.ts';
import { knownDevice, trustInDevice } from '../trust/known-keys.ts';

/** A listed device and everything stored about it. */
export interface Recipient {
  readonly jid: BareJid;
  readonly deviceId: number;
  readonly identityKey: Ed25519PublicKey | undefined;
  /** Another identity key the device has shown since; it has to be decided on. */
  readonly changedTo: Ed25519PublicKey | undefined;
  /** Of `changedTo` where there is one, else of `identityKey`. */
  readonly trust: TrustLevel;
  readonly set: SessionSet | undefined;
  /** Revision of the session set, null when there is none. */
  readonly revision: Uint8Array | null;
}

/** The devices listed for these accounts, this device and what it was before excluded (XEP-0384 5.5.2, R81). */
export async function listedDevices(
  context: AccountContext,
  unit: UnitOfWork,
  input: { readonly jids: readonly BareJid[]; readonly own: Pick<IdentityRecord, 'deviceId' | 'formerDeviceIds'> },
): Promise<readonly Recipient[]> {
  const { keys } = context;
  const { jids, own } = input;
  const ownIds = [own.deviceId, ...own.formerDeviceIds];
  await unit.load(jids.flatMap((jid) => [keys.deviceList(jid), keys.trust(jid)]));
  const lists = await unit.getMany(deviceListRecord, jids.map(keys.deviceList));
  const addresses = jids.flatMap((jid, index) =>
    (lists[index]?.value?.devices ?? [])
      .filter(({ id }) => jid !== context.jid || !ownIds.includes(id))
      .map(({ id }) => ({ jid, deviceId: id })),
  );
  const sets = await unit.getMany(
    sessionSetRecord,
    addresses.map(({ jid, deviceId }) => keys.session(jid, deviceId)),
  );
  const trusts = await unit.getMany(trustRecord, jids.map(keys.trust));
  const trustOf = new Map(jids.map((jid, index) => [jid, trusts[index]?.value]));
  return addresses.map(({ jid, deviceId }, index) => {
    const trust = trustOf.get(jid);
    const device = knownDevice(trust, deviceId);
    return {
      jid,
      deviceId,
      identityKey: device?.identityKey,
      changedTo: device?.changedTo,
      trust: trustInDevice(trust, deviceId),
      set: sets[index]?.value,
      revision: sets[index]?.revision ?? null,
    };
  });
}

/** Whether there is no session to write to a device with, and one may be built. */
export function needsBundle({ set, identityKey, trust }: Recipient): boolean {
  return trust !== 'distrusted' && sessionWith(set ?? noSessions, identityKey) === undefined;
}
