import { type BareJid, bareJidOf, type Envelope, parseEnvelope } from '@omemo-kit/omemo-wire';
import { isCatchingUp, noteCatchUp } from '../account/catch-up.ts';
import { usePreKey } from '../bundles/own-bundle.ts';
import type { AccountContext } from '../context.ts';
import { addEntry } from '../delivery/box.ts';
import { inboxOf } from '../delivery/inbox.ts';
import { markStale } from '../devices/device-lists.ts';
import { makeRoomFor } from '../devices/make-room.ts';
import { mayOptOut, noteOptOut, optOutIn } from '../opt-out/note-opt-out.ts';
import { roomStanding } from '../opt-out/room-standing.ts';
import { type BundleRecord, bundleRecord, preKeyRecord } from '../records/bundle.ts';
import type { InboxRecord } from '../records/delivery.ts';
import { deviceListRecord } from '../records/device-list.ts';
import { trustRecord } from '../records/trust.ts';
import { withHeard } from '../sessions/heard.ts';
import type { Session, SessionSet } from '../sessions/session.ts';
import { withAccepted } from '../sessions/session-set.ts';
import type { DecryptedKey } from '../sessions/step.ts';
import { putSessions } from '../sessions/store-sessions.ts';
import type { UnitOfWork } from '../storage/unit-of-work.ts';
import { noteStranger } from '../strangers/note-stranger.ts';
import { afterKeyExchange, isStranger, strangersIn } from '../strangers/stranger.ts';
import { keyCopy } from '../trust/key-copy.ts';
import { knownDevice, trustIn } from '../trust/known-keys.ts';
import { rememberSightings } from '../trust/remember-sightings.ts';
import type { DeviceAddress } from './addresses.ts';
import type { DecryptRequest } from './decrypt-request.ts';
import { resultOf } from './inbox-result.ts';
import type { FoundSession } from './key-exchange.ts';
import type { EmptyMessage, ReadMessage, RejectedMessage, RejectionReason, Sender } from './results.ts';
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
  /** Why its content is refused all the same. */
  readonly rejected: RejectionReason | undefined;
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
    await storeUsedPreKey(context, unit, { session, bundle: exchange.bundle, delivery: request.delivery });
  }
  const after = exchange?.kind === 'built' ? withAccepted(set, session) : withHeard(set, session, reading.opened.order);
  await putSessions(context, unit, device, { before: set, after });
  // What an archive makes owed is paid when it is read (XEP-0384 section 6).
  if (request.delivery === 'catch-up') await noteCatchUp(context, unit, after.answerOwed ? 'owed' : 'nothing');
  await remember(unit, hash);
  if (exchange?.kind === 'built') {
    await spendOnStranger(context, unit, device);
    await makeRoomFor(context, unit, { jid: device.jid, deviceIds: [device.deviceId] });
  }
  const sender = await noteSender(context, unit, device, session);
  if (payload === undefined) {
    return { type: 'empty', id: hash.id, sender, stanza: request.stanza, delayedAt: request.delayedAt };
  }
  const envelope = request.content === 'envelope' && !reading.rejected ? parseEnvelope(payload) : undefined;
  const conversation = request.room ?? contactIn(context, device.jid, envelope);
  const optOut = optOutIn(envelope);
  const room = optOut === undefined ? undefined : request.room;
  const standing = room === undefined ? 'member' : await roomStanding(context, unit, { room, jid: device.jid });
  const rejected = optOut === undefined ? reading.rejected : refusedOptOut(sender, conversation, standing);
  const read: Omit<InboxRecord, 'sequence'> = {
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
    rejected,
    stanza: request.stanza,
  };
  // Only a message shows that its account is back: clients answer IQs by themselves.
  const counts = rejected === undefined && (optOut !== undefined || request.keep === 'inbox');
  if (counts && envelope !== undefined && conversation !== undefined && standing !== 'visitor') {
    await noteOptOut(context, unit, { conversation, sender, envelope, order: read.order, standing });
  }
  if (request.keep === 'hand-over') return resultOf({ ...read, sequence: 0 });
  return resultOf(await addEntry(inboxOf(context), unit, read));
}

/**
 * Why an opt-out has no effect: its device is not trusted, its account is no member of the room (S61), or nothing says whom our
 * other device wrote it to.
 */
function refusedOptOut(
  sender: Sender,
  conversation: BareJid | undefined,
  standing: 'member' | 'unclear' | 'visitor',
): RejectionReason | undefined {
  if (!mayOptOut(sender)) return 'untrusted-opt-out';
  if (standing === 'visitor') return 'visitor-opt-out';
  return conversation === undefined ? 'to-missing' : undefined;
}

/** With whom a message was, outside of rooms: one of another own device tells by its `to`, which no server has changed. */
function contactIn({ jid }: AccountContext, sender: string, envelope: Envelope | undefined): BareJid | undefined {
  if (sender !== jid) return sender as BareJid;
  return envelope?.to === undefined ? undefined : bareJidOf(envelope.to);
}

/** Milliseconds a fetched device list stands although a device that is not on it writes. */
const UNLISTED_REFETCH_AFTER = 60_000;

async function storeUsedPreKey(
  context: AccountContext,
  unit: UnitOfWork,
  input: { readonly session: Session; readonly bundle: BundleRecord; readonly delivery: 'live' | 'catch-up' },
): Promise<void> {
  const { session, delivery } = input;
  // Beside an archive that is being read a live one stays too: the bundle that shows it is not published before the end.
  const late = delivery === 'catch-up' || (await isCatchingUp(context, unit));
  const keep = late && context.usedPreKeys === 'retain';
  const retain = keep ? { maxUses: context.limits.maxRetainedUses } : ('no' as const);
  const use = { preKeyId: session.preKeyId, sessionId: session.id, retain };
  const { bundle, replacement, removed } = usePreKey(input.bundle, use, context.randomness);
  unit.put(bundleRecord, context.keys.bundle, bundle);
  if (replacement !== undefined) unit.put(preKeyRecord, context.keys.preKey(replacement.id), replacement);
  // "MUST eventually delete the private key belonging to the PreKey after use" (XEP-0384 5.6, R92): in this very commit.
  if (removed) unit.remove(context.keys.preKey(session.preKeyId));
}

/** A session with a stranger is taken off their allowance, and the device is one of those of which the oldest go (S17). */
async function spendOnStranger(context: AccountContext, unit: UnitOfWork, device: DeviceAddress): Promise<void> {
  const trust = await unit.get(trustRecord, context.keys.trust(device.jid));
  if (!isStranger(context, device.jid, trust)) return;
  const before = await strangersIn(context, unit);
  await noteStranger(context, unit, { device, strangers: afterKeyExchange(context, before) ?? before });
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
  return { ...device, identityKey: keyCopy(identityKey), trust: trustIn(trust, identityKey), listed };
}
