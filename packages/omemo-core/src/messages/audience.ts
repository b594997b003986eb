import type { BareJid } from '@omemo-kit/omemo-wire';
import type { Ed25519PublicKey } from '@omemo-kit/primitives';
import { ownIdentity } from '../account/identity.ts';
import type { AccountContext } from '../context.ts';
import { refreshDeviceLists } from '../devices/device-lists.ts';
import type { TrustLevel } from '../records/trust.ts';
import { noSessions } from '../sessions/session.ts';
import { sessionWith } from '../sessions/session-set.ts';
import { isStale } from '../sessions/stale.ts';
import { fingerprint } from '../trust/fingerprint.ts';
import { keyCopy } from '../trust/key-copy.ts';
import type { DeviceAddress } from './addresses.ts';
import { gatherBundles } from './gather.ts';
import { Gathered } from './gathered.ts';
import { listedDevices, type Recipient } from './recipients.ts';

/** A listed device of an audience. */
export interface AudienceDevice extends DeviceAddress {
  readonly identityKey: Ed25519PublicKey | undefined;
  readonly fingerprint: readonly string[];
  readonly trust: TrustLevel;
  /**
   * `undecided` keeps a message from being sent at all; `no-key`: nothing usable is published for it; `stale`: it has been
   * silent for too long (X50).
   */
  readonly access: 'reads' | 'undecided' | 'distrusted' | 'no-key' | 'stale';
  /** A key exchange would come along, because the device has not answered yet. */
  readonly keyExchange: boolean;
}

/** Who could read a message, and how large it would be. */
export interface Audience {
  readonly devices: readonly AudienceDevice[];
  /** Accounts, of those asked for, without any device that could read it. */
  readonly unreached: readonly string[];
  /** About how long `<encrypted/>` would be, in bytes, with the payload given. */
  readonly bytes: number;
}

/** Content of a `<key/>`, in bytes: with a key exchange, and without (identifiers are taken for long). */
const KEY_BYTES = { exchange: 202, plain: 126 } as const;

/**
 * Looks at whom a message would be encrypted for, without encrypting one. Device lists that are stale are fetched, and the
 * bundles of devices whose identity key is not known yet, so that there is something to decide on.
 *
 * @param payloadBytes length of the sealed content.
 */
export async function audienceOf(
  context: AccountContext,
  asked: { readonly to: readonly BareJid[]; readonly payloadBytes: number },
  signal?: AbortSignal,
): Promise<Audience> {
  const jids = [...new Set([...asked.to, context.jid])];
  await refreshDeviceLists(context, jids, { force: 'stale-only', signal });
  const before = (await recipientsOf(context, jids, signal)).recipients;
  const unknown = before.filter(({ identityKey }) => identityKey === undefined);
  if (unknown.length > 0) await gatherBundles(context, unknown, new Gathered(context), { signal });
  const { own, recipients } = await recipientsOf(context, jids, signal);
  const all = recipients.map((recipient) => audienceDevice(recipient, isStale(recipient.set, context.limits)));
  const devices = all.map((device) => {
    const needed = device.access === 'stale' && asked.to.includes(device.jid);
    const others = all.some(({ jid, access }) => jid === device.jid && access === 'reads');
    return needed && !others ? { ...device, access: 'reads' as const } : device;
  });
  const readers = devices.filter(({ access }) => access === 'reads');
  return {
    devices,
    unreached: asked.to.filter((jid) => !readers.some((device) => device.jid === jid)),
    bytes: sizeOf(context, { sid: own.deviceId, devices: readers, payloadBytes: asked.payloadBytes }),
  };
}

function recipientsOf(context: AccountContext, jids: readonly BareJid[], signal: AbortSignal | undefined) {
  return context.transact(async (unit) => {
    const own = await ownIdentity(context, unit);
    return { own, recipients: await listedDevices(context, unit, { jids, own }) };
  }, signal);
}

function audienceDevice(recipient: Recipient, stale: boolean): AudienceDevice & Addressed {
  const { jid, deviceId, identityKey, changedTo, trust, set } = recipient;
  const may = trust === 'undecided' || trust === 'distrusted' ? trust : stale ? 'stale' : 'reads';
  const key = changedTo ?? identityKey;
  const session = sessionWith(set ?? noSessions, identityKey);
  return {
    jid,
    deviceId,
    identityKey: keyCopy(key),
    fingerprint: key === undefined ? [] : fingerprint(key),
    trust,
    access: key === undefined ? 'no-key' : may,
    keyExchange: session === undefined || (session.role === 'initiator' && !session.confirmed),
  };
}

interface Addressed {
  readonly jid: BareJid;
}

function sizeOf(
  context: AccountContext,
  message: {
    readonly sid: number;
    readonly devices: readonly (AudienceDevice & Addressed)[];
    readonly payloadBytes: number;
  },
): number {
  const { sid, devices, payloadBytes } = message;
  if (devices.length === 0) return 0;
  const keys = devices.map(({ jid, deviceId: rid, keyExchange: kex }) => ({
    jid,
    rid,
    kex,
    content: new Uint8Array(kex ? KEY_BYTES.exchange : KEY_BYTES.plain),
  }));
  const payload = new Uint8Array(Math.max(1, payloadBytes));
  // Base64 and identifiers are ASCII, and a JID counts its characters: near enough.
  return context.profile.elements.writeEncrypted({ sid, keys, payload }).toString().length;
}
