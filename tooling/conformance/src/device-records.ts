import type { Session, StoredRecord } from '@omemo-kit/omemo-core';
import {
  bundleRecord,
  deviceListRecord,
  identityRecord,
  preKeyRecord,
  type RecordCodec,
  recordKeys,
  type SkippedRecord,
  sessionSetRecord,
  skippedRecord,
} from '@omemo-kit/omemo-core/records';
import { constantTimeEqual, type IdentityKeyPair, randomBytes } from '@omemo-kit/primitives';
import { type MemorySnapshot, type MemoryStore, SharedMemory } from '@omemo-kit/storage-memory';
import type { PreKeyPair, SignedPreKeyPair } from '@omemo-kit/x3dh';
import type { Address } from './recorded-device.ts';

/** Everything a recorded device keeps secret, and who it is. */
export interface DeviceSecrets extends Address {
  readonly identityKeyPair: IdentityKeyPair;
  readonly signedPreKey: SignedPreKeyPair;
  readonly preKeys: readonly PreKeyPair[];
}

/** Above every id that a recording gives, so that keys made here never take the id of one that comes later. */
const FIRST_OWN_ID = 0x4000_0000;

/** The stored records of a replayed device, put and read in the public formats beside the `Omemo` that works on them. */
export class DeviceRecords {
  readonly store: MemoryStore;
  #changes = 0;
  readonly #memory = new SharedMemory();
  readonly #keys: ReturnType<typeof recordKeys>;

  constructor(address: Address) {
    this.store = this.#memory.open();
    this.#keys = recordKeys(address.jid);
  }

  async putSecrets(secrets: DeviceSecrets): Promise<void> {
    const { jid, deviceId, identityKeyPair, signedPreKey, preKeys } = secrets;
    const identity = {
      ...{ jid, deviceId, identityKeyPair, label: undefined, createdAt: 0, announcedAt: 0 },
      ...{ formerDeviceIds: [], rolledBack: undefined, standing: 'active' as const },
    };
    await this.#put(identityRecord, this.#keys.identity, identity);
    await this.#put(bundleRecord, this.#keys.bundle, {
      signedPreKey: { ...signedPreKey, createdAt: 0 },
      previousSignedPreKeys: [],
      nextSignedPreKeyId: FIRST_OWN_ID,
      nextPreKeyId: FIRST_OWN_ID,
      preKeys: [],
      retained: [],
      dirty: false,
      usedSincePublished: 0,
      publicationsWholeAt: 0,
    });
    await this.changePreKeys({ remove: [], add: preKeys });
  }

  /** The sessions with a device, the one used last first. */
  async sessions(other: Address): Promise<readonly Session[]> {
    const set = await this.#get(sessionSetRecord, this.#keys.session(other.jid, other.deviceId));
    return set?.sessions ?? [];
  }

  /** The skipped keys of a session, oldest first. */
  async skipped(other: Address, session: Session): Promise<readonly SkippedRecord[]> {
    const found: SkippedRecord[] = [];
    for await (const record of this.store.list(this.#keys.skippedPrefix({ ...other, sessionId: session.id }))) {
      found.push(skippedRecord.decode(record));
    }
    return found.sort((a, b) => a.sequence - b.sequence);
  }

  async putSession(other: Address, session: Session, skipped: readonly SkippedRecord[]): Promise<void> {
    const nothing = { lastHeard: undefined, heardInARow: 0, answerOwed: false, startedAt: undefined, unanswered: 0 };
    const set = { sessions: [session], ...nothing };
    await this.#put(sessionSetRecord, this.#keys.session(other.jid, other.deviceId), set);
    const address = { ...other, sessionId: session.id };
    for (const key of skipped) {
      await this.#put(skippedRecord, this.#keys.skipped(address, key.ratchetKey, key.messageNumber), key);
    }
  }

  /** The sessions with a device are gone, as after a loss of storage. */
  async forgetSessions(other: Address): Promise<void> {
    await this.#remove([this.#keys.session(other.jid, other.deviceId)]);
  }

  /** The account has exactly these devices. */
  async putDeviceList(jid: string, deviceIds: readonly number[]): Promise<void> {
    const devices = deviceIds.map((id) => ({ id, label: undefined, labelSignature: undefined }));
    await this.#put(deviceListRecord, this.#keys.deviceList(jid), { devices, updatedAt: 0, stale: false });
  }

  /** A new signed pre-key; the one before it is kept. */
  async rotateSignedPreKey(signedPreKey: SignedPreKeyPair): Promise<void> {
    const bundle = await this.#bundle();
    await this.#put(bundleRecord, this.#keys.bundle, {
      ...bundle,
      signedPreKey: { ...signedPreKey, createdAt: 0 },
      previousSignedPreKeys: [{ ...bundle.signedPreKey, replacedAt: undefined }],
    });
  }

  async signedPreKeyId(): Promise<number> {
    return (await this.#bundle()).signedPreKey.id;
  }

  /** Pre-keys deleted for good, published or retained, and new ones in the bundle. */
  async changePreKeys(change: {
    readonly remove: readonly number[];
    readonly add: readonly PreKeyPair[];
  }): Promise<void> {
    const { remove, add } = change;
    const bundle = await this.#bundle();
    const gone = new Set([...remove, ...add.map(({ id }) => id)]);
    const published = add.map(({ id, keyPair }) => ({ id, publicKey: keyPair.publicKey }));
    for (const preKey of add) await this.#put(preKeyRecord, this.#keys.preKey(preKey.id), preKey);
    await this.#put(bundleRecord, this.#keys.bundle, {
      ...bundle,
      preKeys: [...bundle.preKeys.filter(({ id }) => !gone.has(id)), ...published].sort((a, b) => a.id - b.id),
      retained: bundle.retained.filter(({ id }) => !gone.has(id)),
    });
    await this.#remove(remove.map((id) => this.#keys.preKey(id)));
  }

  /** How often they were changed here, and not by the device. */
  get changes(): number {
    return this.#changes;
  }

  /** Everything stored, for {@link changedSince} and {@link restore}. */
  snapshot(): MemorySnapshot {
    return this.#memory.snapshot();
  }

  restore(snapshot: MemorySnapshot): void {
    this.#changes += 1;
    this.#memory.restore(snapshot);
  }

  /** Keys of the records that differ from a snapshot in any byte. */
  changedSince(before: MemorySnapshot): string[] {
    const [old, now] = [byKey(before), byKey(this.snapshot())];
    return [...new Set([...old.keys(), ...now.keys()])].filter((key) => !sameRecord(old.get(key), now.get(key)));
  }

  async #bundle() {
    return (await this.#get(bundleRecord, this.#keys.bundle))!;
  }

  async #get<T>(codec: RecordCodec<T>, key: string): Promise<T | undefined> {
    const [record] = await this.store.get([key]);
    return record && codec.decode(record);
  }

  async #put<T>(codec: RecordCodec<T>, key: string, value: T): Promise<void> {
    this.#changes += 1;
    const put = [{ key, value: codec.encode(value), version: codec.version }];
    await this.store.commit({ id: randomBytes(16), expect: [], put, remove: [] });
  }

  async #remove(keys: readonly string[]): Promise<void> {
    this.#changes += 1;
    await this.store.commit({ id: randomBytes(16), expect: [], put: [], remove: keys });
  }
}

function byKey(records: MemorySnapshot): Map<string, StoredRecord> {
  return new Map(records.map((record) => [record.key, record]));
}

function sameRecord(a: StoredRecord | undefined, b: StoredRecord | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  // Most records were not written at all, which the revision tells at once.
  return constantTimeEqual(a.revision, b.revision) || (a.version === b.version && constantTimeEqual(a.value, b.value));
}
