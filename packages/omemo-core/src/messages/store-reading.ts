import { usePreKey } from '../bundles/own-bundle.ts';
import type { AccountContext } from '../context.ts';
import { addEntry } from '../delivery/box.ts';
import { inboxOf } from '../delivery/inbox.ts';
import { markStale } from '../devices/device-lists.ts';
import { type BundleRecord, bundleRecord, preKeyRecord } from '../records/bundle.ts';
import { deviceListRecord } from '../records/device-list.ts';
import { trustRecord } from '../records/trust.ts';
import { withHeard } from '../sessions/heard.ts';
import type { Session, SessionSet } from '../sessions/session.ts';
import { withAccepted } from '../sessions/session-set.ts';
import type { DecryptedKey } from '../sessions/step.ts';
import { putSessions } from '../sessions/store-sessions.ts';
import type { UnitOfWork } from '../storage/unit-of-work.ts';
import { knownDevice, trustIn } from '../trust/known-keys.ts';
import { rememberSightings } from '../trust/remember-sightings.ts';
import type { DeviceAddress } from './addresses.ts';
import type { DecryptRequest } from './decrypt-request.ts';
import { resultOf } from './inbox-result.ts';
import type { FoundSession } from './key-exchange.ts';
import type { EmptyMessage, ReadMessage, RejectedMessage, Sender } from './results.ts';
import { type MessageHash, remember } from './seen.ts';
import { storeSkippedKeys } from './skipped-keys.ts';

export interface Reading {
  readonly request: DecryptRequest;
  readonly hash: MessageHash;
  /** The device's sessions before. */
  readonly set: SessionSet;
  readonly opened: DecryptedKey;
  readonly exchange: FoundSession | undefined;
  /** Undefined for an empty message. */
  readonly payload: Uint8Array | undefined;
}

/** Puts everything that reading a message changes into the unit, and says what was read. */
export async function storeReading(
  context: AccountContext,
  unit: UnitOfWork,
  reading: Reading,
): Promise<ReadMessage | RejectedMessage | EmptyMessage> {
  const { request, hash, set, exchange, payload } = reading;
  const device = { jid: request.from, deviceId: request.sid };
  const expire = request.delivery === 'live';
  const session = await storeSkippedKeys(context, unit, { device, step: reading.opened, expire });
  if (exchange?.kind === 'built') {
    await storeUsedPreKey(context, unit, { session, bundle: exchange.bundle, retain: request.delivery === 'catch-up' });
  }
  const after = exchange?.kind === 'built' ? withAccepted(set, session) : withHeard(set, session, reading.opened.order);
  await putSessions(context, unit, device, { before: set, after });
  await remember(unit, hash);
  const sender = await noteSender(context, unit, device, session);
  if (payload === undefined) {
    return { type: 'empty', id: hash.id, sender, stanza: request.stanza, delayedAt: request.delayedAt };
  }
  const entry = await addEntry(inboxOf(context), unit, {
    id: hash.id,
    from: device.jid,
    deviceId: device.deviceId,
    identityKey: sender.identityKey,
    trust: sender.trust,
    listed: sender.listed,
    receivedAt: context.now(),
    delayedAt: request.delayedAt,
    order: reading.opened.order,
    missing: reading.opened.add.length,
    payload,
    content: request.content,
    rejected: request.judge(payload),
    stanza: request.stanza,
  });
  return resultOf(entry);
}

/** Milliseconds a fetched device list stands although a device that is not on it writes. */
const UNLISTED_REFETCH_AFTER = 60_000;

async function storeUsedPreKey(
  context: AccountContext,
  unit: UnitOfWork,
  input: { readonly session: Session; readonly bundle: BundleRecord; readonly retain: boolean },
): Promise<void> {
  const { session, retain } = input;
  const use = { preKeyId: session.preKeyId, sessionId: session.id, retain };
  const { bundle, replacement, removed } = usePreKey(input.bundle, use, context.randomness);
  unit.put(bundleRecord, context.keys.bundle, bundle);
  if (replacement !== undefined) unit.put(preKeyRecord, context.keys.preKey(replacement.id), replacement);
  if (removed) unit.remove(context.keys.preKey(session.preKeyId));
}

/** Remembers the identity key of a device not met before, and says what is known about the sender. */
async function noteSender(
  context: AccountContext,
  unit: UnitOfWork,
  device: DeviceAddress,
  { identityKey }: Session,
): Promise<Sender> {
  const { keys } = context;
  const before = await unit.get(trustRecord, keys.trust(device.jid));
  const known = knownDevice(before, device.deviceId) !== undefined;
  const sightings = [{ deviceId: device.deviceId, identityKey }];
  const trust = known ? before : await rememberSightings(context, unit, { jid: device.jid, sightings });

  const list = await unit.get(deviceListRecord, keys.deviceList(device.jid));
  const listed = list?.devices.some(({ id }) => id === device.deviceId) ?? false;
  // "SHOULD try to retrieve that user's devices node" (XEP-0384 section 6): the list is fetched when it is next needed.
  // Not for each of its messages, when the list was fetched just now and does not have it.
  const asked = known && list !== undefined && context.now() - list.updatedAt < UNLISTED_REFETCH_AFTER;
  if (!listed && !asked) await markStale(context, unit, device.jid);
  return { ...device, identityKey, trust: trustIn(trust, identityKey), listed };
}
