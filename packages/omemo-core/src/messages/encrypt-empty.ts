import type { BareJid } from '@omemo-kit/omemo-wire';
import type { Element } from 'ltx';
import { activeIdentity, ownIdentity, sessionContext } from '../account/identity.ts';
import type { AccountContext } from '../context.ts';
import { failedOnTheWay } from '../debts/failed-on-the-way.ts';
import { enqueue } from '../delivery/outbox.ts';
import { OmemoError } from '../errors.ts';
import { deviceListRecord } from '../records/device-list.ts';
import { sessionSetRecord } from '../records/session.ts';
import { trustRecord } from '../records/trust.ts';
import { transactSpending } from '../rollback/counter.ts';
import { noSessions, type SessionSet } from '../sessions/session.ts';
import { sessionWith } from '../sessions/session-set.ts';
import { putSessions } from '../sessions/store-sessions.ts';
import type { UnitOfWork } from '../storage/unit-of-work.ts';
import { knownDevice } from '../trust/known-keys.ts';
import { addressKey } from './addresses.ts';
import { keyForDevice } from './device-key.ts';
import { gatherBundles } from './gather.ts';
import { Gathered } from './gathered.ts';

export interface EmptyRequest {
  readonly jid: BareJid;
  readonly deviceId: number;
  readonly stanza?: { readonly id: string; build(encrypted: Element): Element };
  /** `if-owed`: an answer, which somebody else may have given meanwhile. */
  readonly send: 'always' | 'if-owed';
}

export interface EncryptedEmpty {
  readonly encrypted: Element;
  readonly stanza: Element | undefined;
}

/**
 * An empty message to one device (XEP-0384 5.5.3): it carries no content, so that trust does not gate it (section 8).
 * Builds a session where there is none to send with.
 *
 * @returns undefined when it was to be sent if owed, and is not owed any more, or cannot be paid ever; and while OMEMO is
 * deactivated on this device (R119), when it stays owed.
 * @throws OmemoError `bundle-unavailable` when a session was to be built and cannot be; `deactivated` when it was to be sent always.
 */
export function encryptEmpty(
  context: AccountContext,
  request: EmptyRequest & { readonly send: 'always' },
  signal?: AbortSignal,
): Promise<EncryptedEmpty>;
export function encryptEmpty(
  context: AccountContext,
  request: EmptyRequest,
  signal?: AbortSignal,
): Promise<EncryptedEmpty | undefined>;
export async function encryptEmpty(
  context: AccountContext,
  request: EmptyRequest,
  signal?: AbortSignal,
): Promise<EncryptedEmpty | undefined> {
  const { jid, deviceId } = request;
  const { keys, profile } = context;
  const sessionKey = keys.session(jid, deviceId);
  const gathered = new Gathered(context);
  const known = await context.transact(async (unit) => {
    await unit.load([keys.identity, keys.trust(jid), sessionKey]);
    if (!(await mayEncrypt(context, unit, request))) return { identityKey: undefined, fetches: false };
    const identityKey = knownDevice(await unit.get(trustRecord, keys.trust(jid)), deviceId)?.identityKey;
    const set = (await unit.get(sessionSetRecord, sessionKey)) ?? noSessions;
    const ready = sessionWith(set, identityKey) !== undefined;
    // A session that is owed is not started with a device that is not listed; one that is asked for is.
    const fetches = !ready && (request.send === 'always' || (await mayBeListed(context, unit, request)));
    return { identityKey, fetches };
  }, signal);
  if (known.fetches) {
    await gatherBundles(context, [{ jid, deviceId, identityKey: known.identityKey }], gathered, { signal });
  }
  const body = async (unit: UnitOfWork) => {
    await unit.load([keys.identity, keys.trust(jid), sessionKey, keys.outboxState]);
    // Asked again: another process may have deactivated the device while the bundle was fetched.
    if (!(await mayEncrypt(context, unit, request))) return undefined;
    const identity = await ownIdentity(context, unit);
    const set = await unit.get(sessionSetRecord, sessionKey);
    if (request.send === 'if-owed' && !set?.answerOwed) return undefined;
    const device = knownDevice(await unit.get(trustRecord, keys.trust(jid)), deviceId);
    const owed = request.send === 'if-owed' ? set : undefined;
    if (owed !== undefined && !(await isPayable(context, unit, { request, set: owed, gathered }))) {
      await forgive(context, unit, { request, set: owed });
      return undefined;
    }
    const addressed = { jid, deviceId, set, identityKey: device?.identityKey };
    const bundle = gathered.bundles.get(addressKey(request));
    const key = keyForDevice(sessionContext(context, identity), addressed, {
      bundle,
      keyMaterial: profile.emptyKeyMaterial,
    });
    if (key === undefined) {
      const cause = gathered.failures.get(addressKey(request));
      const details = { jid, deviceId };
      throw new OmemoError('bundle-unavailable', `no session with device ${deviceId} can be built`, { cause, details });
    }
    await putSessions(context, unit, request, { before: key.before, after: key.set });
    const encrypted = profile.elements.writeEncrypted({ sid: identity.deviceId, keys: [key] });
    const stanza = request.stanza?.build(encrypted);
    if (request.stanza !== undefined && stanza !== undefined) {
      await enqueue(context, unit, { id: request.stanza.id, stanza, kind: 'empty' });
    }
    return { encrypted, stanza };
  };
  // It may go out later all the same: nobody writes an empty message a second time.
  return transactSpending(context, { body, undo: async () => {} }, signal);
}

/** @throws OmemoError `deactivated` for what was asked for by a call. */
async function mayEncrypt(context: AccountContext, unit: UnitOfWork, { send }: EmptyRequest): Promise<boolean> {
  const { standing } = send === 'always' ? await activeIdentity(context, unit) : await ownIdentity(context, unit);
  return standing === 'active';
}

interface OwedEmpty {
  readonly request: EmptyRequest;
  readonly set: SessionSet;
}

/**
 * Whether what is owed can be paid, now or later. A session is not started with a device that is not listed (XEP-0384 5.5.2,
 * section 6), nor can it be with one whose bundle is not there or no good: such a debt would be asked for again with each
 * message. What a connection that is gone kept from being fetched stays owed.
 */
async function isPayable(
  context: AccountContext,
  unit: UnitOfWork,
  { request, set, gathered }: OwedEmpty & { readonly gathered: Gathered },
): Promise<boolean> {
  const { jid, deviceId } = request;
  const { keys } = context;
  const { identityKey } = knownDevice(await unit.get(trustRecord, keys.trust(jid)), deviceId) ?? {};
  if (sessionWith(set, identityKey) !== undefined) return true;
  if (!(await mayBeListed(context, unit, request))) return false;
  const failure = gathered.failures.get(addressKey(request));
  const cause = failure instanceof OmemoError ? failure.cause : undefined;
  return failure === undefined || failedOnTheWay(cause);
}

/** Unless a list that is current says that it is not. */
async function mayBeListed(
  { keys }: AccountContext,
  unit: UnitOfWork,
  { jid, deviceId }: Pick<EmptyRequest, 'jid' | 'deviceId'>,
): Promise<boolean> {
  const list = await unit.get(deviceListRecord, keys.deviceList(jid));
  return list === undefined || list.stale || list.devices.some(({ id }) => id === deviceId);
}

/** A device that was never heard of leaves nothing behind. */
async function forgive(context: AccountContext, unit: UnitOfWork, { request, set }: OwedEmpty): Promise<void> {
  await putSessions(context, unit, request, { before: set, after: { ...set, answerOwed: false } });
  const { jid, deviceId } = request;
  const list = await unit.get(deviceListRecord, context.keys.deviceList(jid));
  const listed = list?.devices.some(({ id }) => id === deviceId) ?? false;
  if (set.sessions.length === 0 && !listed) unit.remove(context.keys.session(jid, deviceId));
}
