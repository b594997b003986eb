import type { PolicyName } from '../setup.ts';
import type { Chains } from './chains.ts';
import { afterMeeting, type KnownKeys } from './trust.ts';

/** What a device can know. It goes with its store: a copy of the store that is put back brings the copy of this back. */
export interface Knowledge {
  /** By account. */
  readonly trust: ReadonlyMap<string, KnownKeys>;
  /** Names of messages that were read. */
  readonly read: ReadonlySet<string>;
  /** Names of what is read and not acknowledged. */
  readonly inbox: ReadonlySet<string>;
  /** Sessions by other device, `jid/id`, and name. */
  readonly sessions: ReadonlyMap<string, ReadonlyMap<string, Chains>>;
  /** Names of sessions that were replaced by hand: they never send again. */
  readonly retired: ReadonlySet<string>;
  /** Pre-keys that are used up. */
  readonly usedPreKeys: ReadonlySet<number>;
  /** Pre-keys that were used while an archive is being read. */
  readonly retained: ReadonlySet<number>;
  readonly lastPreKeyId: number;
  readonly lastSignedPreKeyId: number;
  /** Encrypted elements that were made, which a counter outside of the store counts too. */
  readonly spent: number;
}

/** One device, under one id after the other. */
export interface DeviceModel {
  readonly jid: string;
  readonly policy: PolicyName;
  id: number;
  /** Its identity key in hex. */
  identity: string;
  know: Knowledge;
  /** What its user has seen, by the name of the message: it is not in the store. */
  readonly shown: Map<string, string>;
  /** What was known when the store was copied. */
  copy: Knowledge | undefined;
  /** What was decided when a backup was made, and the id of the device that it takes the place of. */
  backup: { readonly trust: Knowledge['trust']; readonly id: number } | undefined;
}

/** Pre-keys of every bundle here: the fewest that are allowed (XEP-0384 4.2). */
export const PRE_KEYS = 25;

export const nothing: Knowledge = {
  trust: new Map(),
  read: new Set(),
  inbox: new Set(),
  sessions: new Map(),
  retired: new Set(),
  usedPreKeys: new Set(),
  retained: new Set(),
  lastPreKeyId: PRE_KEYS,
  lastSignedPreKeyId: 1,
  spent: 0,
};

export function levelOf({ know }: Pick<DeviceModel, 'know'>, jid: string, identity: string) {
  return know.trust.get(jid)?.get(identity);
}

/** Identity keys of an account that a device meets at the same time. */
export function meet(device: DeviceModel, jid: string, identities: readonly string[]): void {
  const before = device.know.trust.get(jid) ?? new Map();
  const after = afterMeeting(before, identities, device.policy);
  if (after !== before) device.know = { ...device.know, trust: new Map(device.know.trust).set(jid, after) };
}

/** The sessions after one of them with a device came to be, or moved. */
export function withSession(know: Knowledge, device: string, name: string, chains: Chains): Knowledge {
  const others = know.sessions.get(device) ?? new Map();
  return { ...know, sessions: new Map(know.sessions).set(device, new Map(others).set(name, chains)) };
}

export function addressOf({ jid, id }: { readonly jid: string; readonly id: number }): string {
  return `${jid}/${id}`;
}
