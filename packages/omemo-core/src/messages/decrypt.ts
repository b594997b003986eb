import { WireError } from '@omemo-kit/omemo-wire';
import { ownIdentity, sessionContext } from '../account/identity.ts';
import type { AccountContext } from '../context.ts';
import { assertRoomInInbox } from '../delivery/inbox.ts';
import type { KeyContent, ProtocolProfile } from '../profile/profile.ts';
import { inboxRecord } from '../records/delivery.ts';
import { sessionSetRecord } from '../records/session.ts';
import { trustRecord } from '../records/trust.ts';
import { openKey, UnreadableKey } from '../sessions/open-key.ts';
import { oweSession } from '../sessions/owe-session.ts';
import { noSessions } from '../sessions/session.ts';
import { isUnanswered } from '../sessions/session-set.ts';
import type { UnitGroup } from '../storage/unit-group.ts';
import type { UnitOfWork } from '../storage/unit-of-work.ts';
import type { DecryptRequest } from './decrypt-request.ts';
import { identityUnchanged } from './identity-change.ts';
import { resultOf } from './inbox-result.ts';
import { type FoundSession, resolveKeyExchange } from './key-exchange.ts';
import { openContent } from './open-content.ts';
import type { DecryptResult, FailureCode } from './results.ts';
import { type MessageHash, messageHash, wasSeen } from './seen.ts';
import { findSkippedKeys } from './skipped-keys.ts';
import { storeReading } from './store-reading.ts';

/**
 * Reads a message (XEP-0384 4.5, 5.6). What it changes — session, skipped keys, used pre-key, memory of duplicates,
 * trust record, inbox, debts — is one commit, made only after everything about the message authenticated. A message
 * that cannot be read changes nothing; one without a session makes a session owed (section 6).
 *
 * @param options.group those whose commit it shares: it settles with them.
 * @throws OmemoError `inbox-full` before anything is consumed; `contention`.
 */
export async function decrypt(
  context: AccountContext,
  request: DecryptRequest,
  { signal, group }: { readonly signal?: AbortSignal | undefined; readonly group?: UnitGroup | undefined } = {},
): Promise<DecryptResult> {
  const device = { jid: request.from, deviceId: request.sid };
  const { key, stanza, delayedAt } = request;
  // "The message was not encrypted for this particular device and a warning message SHOULD be displayed" (XEP-0384 5.6).
  if (key === undefined) return { type: 'not-for-this-device', ...device, stanza, delayedAt };
  const parsed = parseKey(context.profile, key);
  if ('error' in parsed) {
    return { type: 'failed', ...device, id: undefined, stanza, delayedAt, code: 'malformed', cause: parsed.error };
  }
  const hash = messageHash(context, device, parsed.content.message);
  const body = (unit: UnitOfWork) => decryptIn(context, unit, { request, content: parsed.content, hash });
  return group === undefined ? context.transact(body, signal) : group.add(body);
}

async function decryptIn(
  context: AccountContext,
  unit: UnitOfWork,
  input: { readonly request: DecryptRequest; readonly content: KeyContent; readonly hash: MessageHash },
): Promise<DecryptResult> {
  const { request, content, hash } = input;
  const { keys } = context;
  const device = { jid: request.from, deviceId: request.sid };
  const { stanza, delayedAt } = request;
  const about = { ...device, id: hash.id, stanza, delayedAt };
  const failed = (code: FailureCode, cause?: unknown) => ({ type: 'failed', ...about, code, cause }) as const;
  const duplicate = async (evidence: 'same-bytes' | 'key-used'): Promise<DecryptResult> => {
    const entry = await unit.get(inboxRecord, keys.inbox(hash.id));
    const unacknowledged = entry === undefined ? undefined : resultOf(entry);
    return { type: 'duplicate', ...about, evidence, unacknowledged };
  };

  const entersInbox = request.payload !== undefined && request.keep === 'inbox';
  const sessionKey = keys.session(device.jid, device.deviceId);
  await unit.load([
    ...[keys.identity, sessionKey, hash.key, keys.trust(device.jid), keys.deviceList(device.jid)],
    ...(entersInbox ? [keys.inboxState, keys.optOut(request.room ?? request.from)] : []),
    ...(content.type === 'key-exchange' ? [keys.bundle, keys.strangers] : []),
    ...(content.type === 'key-exchange' || request.delivery === 'catch-up' ? [keys.catchUp] : []),
  ]);
  // Before any Diffie-Hellman: copies by carbons, archives or a hostile server cost a hash, and no warning (XEP-0384 section 6).
  if (await wasSeen(unit, hash)) return duplicate('same-bytes');
  if (entersInbox) await assertRoomInInbox(context, unit);

  const identity = await ownIdentity(context, unit);
  const step = sessionContext(context, identity);
  const set = (await unit.get(sessionSetRecord, sessionKey)) ?? noSessions;
  const trust = await unit.get(trustRecord, keys.trust(device.jid));
  let exchange: FoundSession | undefined;
  if (content.type === 'key-exchange') {
    const outcome = await resolveKeyExchange(context, unit, { step, content, device, set, trust });
    if (outcome.kind === 'refused') {
      const result = failed(outcome.code, outcome.cause);
      if (!isPreKeyGone(outcome.code) || !isUnanswered(set)) return result;
      // Ours may have met the same: then neither side can read the other, and both would repeat what cannot be read for ever.
      const { delivery } = request;
      return { ...result, sessionOwed: await oweSession(context, unit, { device, own: identity, set, delivery }) };
    }
    exchange = outcome;
  }
  const sessions = exchange === undefined ? set.sessions : [exchange.session];
  if (sessions.length === 0) {
    const { delivery } = request;
    const sessionOwed = await oweSession(context, unit, { device, own: identity, set, delivery });
    return { type: 'failed', ...about, code: 'no-session', cause: undefined, sessionOwed };
  }

  try {
    const opened = openKey(step, {
      message: content.message,
      keyExchange: exchange !== undefined,
      built: exchange?.kind === 'built' ? exchange.session : undefined,
      sessions,
      skipped: await findSkippedKeys(context, unit, {
        device,
        sessions,
        header: context.profile.keys.readHeader(content.message),
      }),
    });
    const read = openContent(context.profile, opened.plaintext, request.payload);
    if (read.type === 'failed') return failed(read.code, read.cause);
    if (
      exchange?.kind === 'built' &&
      !(await identityUnchanged(context, unit, { device, trust, session: opened.session }))
    ) {
      return failed('identity-changed');
    }
    const judgement = read.payload === undefined ? undefined : request.judge(read.payload);
    // Nothing is consumed, so that the stanza it was taken out of may still come as it was.
    if (judgement === 'elsewhere') return failed('wrong-stanza');
    const { payload } = read;
    return await storeReading(context, unit, { request, hash, set, opened, exchange, payload, rejected: judgement });
  } catch (error) {
    if (!(error instanceof UnreadableKey)) throw error;
    if (error.reason === 'key-used') return duplicate('key-used');
    return failed(error.reason, error);
  }
}

/** Another key exchange used it first, or it was made too long ago. */
function isPreKeyGone(code: FailureCode): boolean {
  return code === 'unknown-pre-key' || code === 'unknown-signed-pre-key';
}

function parseKey(
  { keys }: ProtocolProfile,
  key: Uint8Array,
): { readonly content: KeyContent } | { readonly error: WireError } {
  try {
    const content = keys.read(key);
    // The header inside is parsed here, so that what follows only meets well-formed messages.
    keys.readHeader(content.message);
    return { content };
  } catch (error) {
    if (error instanceof WireError) return { error };
    throw error;
  }
}
