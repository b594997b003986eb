import type { BareJid } from '@omemo-kit/omemo-wire';
import { inSlice } from '@omemo-kit/primitives/ahead';
import type { Element } from 'ltx';
import { activeIdentity, sessionContext } from '../account/identity.ts';
import type { AccountContext } from '../context.ts';
import { removeEntries } from '../delivery/box.ts';
import { enqueue, outboxOf } from '../delivery/outbox.ts';
import { OmemoError } from '../errors.ts';
import { assertNotOptedOut } from '../opt-out/send-block.ts';
import { deviceListRecord } from '../records/device-list.ts';
import { trustRecord } from '../records/trust.ts';
import { transactSpending } from '../rollback/counter.ts';
import { unreachedMembers } from '../rooms/unreached-members.ts';
import { putSessions } from '../sessions/store-sessions.ts';
import type { UnitOfWork } from '../storage/unit-of-work.ts';
import type { DeviceAddress } from './addresses.ts';
import type { DeviceKey } from './device-key.ts';
import { DeviceKeys } from './device-keys.ts';
import { gatherBundles, gatherLists } from './gather.ts';
import { Gathered } from './gathered.ts';
import type { OnProgress } from './progress.ts';
import { listedDevices, needsBundle } from './recipients.ts';
import { assertDecided } from './undecided.ts';
import type { SkippedDevice, UnreachedMember } from './unreached-devices.ts';

export interface EncryptRequest {
  /** Bare JIDs of the recipients; the own account's other devices are always added. */
  readonly to: readonly BareJid[];
  /**
   * The recipients instead of `to`, where they are stored and may change any time: the members of a room. One of them that cannot
   * be reached does not keep the others from reading. What it throws ends the encryption.
   */
  membersOf?(unit: UnitOfWork): Promise<readonly BareJid[]>;
  readonly plaintext: Uint8Array;
  /** `left-out`: the stanza goes to one resource, so that a key for our other devices would never arrive. */
  readonly own?: 'left-out';
  /** `no`: an answer that the client gives by itself. Otherwise who is written to is a stranger no longer (S17). */
  readonly acquaints?: 'no';
  /** Of the recipients' devices only this one. */
  readonly onlyDevice?: number;
  /** Conversations where an opt-out keeps this from being sent; those with the recipients by default, of a room the room. */
  readonly unlessOptedOut?: readonly BareJid[];
  /** Told how fetching goes on. */
  readonly onProgress?: OnProgress | undefined;
  /** What else belongs into the commit, and how it is taken back should the stanza not go out after all. */
  readonly also?: { commit(unit: UnitOfWork): Promise<void>; undo(unit: UnitOfWork): Promise<void> };
  /** Wraps `<encrypted>` into the stanza that is kept in the outbox; absent: nothing is kept there. */
  readonly stanza?: {
    readonly id: string;
    build(encrypted: Element): Element;
    /** Version of the membership that it may go to; any by default. */
    readonly approved?: string | undefined;
  };
}

export interface Encrypted {
  readonly encrypted: Element;
  readonly stanza: Element | undefined;
  /** Devices the message can be read on. */
  readonly devices: readonly DeviceAddress[];
  /** Listed devices that get no key, and why. */
  readonly skipped: readonly SkippedDevice[];
  /** Members of a room without any device that can read it, and why; nobody outside of rooms, where that is an error. */
  readonly unreached: readonly UnreachedMember[];
}

/** Rounds of fetching, when members or devices appear between fetching and committing, and the one that finds nothing to fetch. */
const MAX_ROUNDS = 4;

/**
 * Encrypts a payload to every listed device of the recipients and of the own account but this one (XEP-0384 4.4,
 * 5.5.2). The sessions' next states and the stanza are committed before anything is returned.
 *
 * @throws OmemoError `opted-out`, `undecided-devices` while a device waits for a trust decision, `no-devices` when a recipient has
 * none left, `device-list-unavailable`, `outbox-full`, `contention`; nothing has changed then.
 */
export async function encryptPayload(
  context: AccountContext,
  request: EncryptRequest,
  signal?: AbortSignal,
): Promise<Encrypted> {
  // "Generate 32 bytes of cryptographically secure random data" (XEP-0384 4.4, R39): once for all devices (1.2, R138).
  const payload = context.profile.sealPayload({ key: context.randomness.payloadKey(), plaintext: request.plaintext });
  const { membersOf, onProgress } = request;
  const gathered = new Gathered(context, { only: request.onlyDevice, many: membersOf !== undefined });
  // Outlives a conflict: only devices whose sessions moved meanwhile are computed again, with the same payload key.
  const keys = new DeviceKeys(payload.keyMaterial, gathered);
  for (let round = 1; ; round++) {
    // XEP-0384 5.8: "MUST first retrieve the members list and then fetch the device list for each member … and then subsequently
    // fetch all bundles" (R103, R107).
    const asked = membersOf === undefined ? request.to : await context.transact(membersOf, signal);
    await gatherLists(context, addressed(context, request, asked), gathered, { signal, onProgress });
    const body = async (unit: UnitOfWork) => {
      await unit.load(readAhead(context, request, gathered));
      const identity = await activeIdentity(context, unit);
      await assertNotOptedOut(context, unit, conversationsOf(request));
      const to = membersOf === undefined ? request.to : await membersOf(unit);
      if (to.some((jid) => !gathered.lists.has(jid))) return againOr(round, context);
      const jids = addressed(context, request, to);
      if (membersOf === undefined) await assertListed(context, unit, { jids, gathered });
      const recipients = (await listedDevices(context, unit, { jids, own: identity })).filter(gathered.wants);
      const unasked = round < MAX_ROUNDS ? recipients.filter((one) => needsBundle(one) && gathered.lacks(one)) : [];
      if (unasked.length > 0) return { unasked };
      await assertDecided(context, unit, recipients);
      const { reached, skipped } = await keys.compute(sessionContext(context, identity), { recipients, required: to });
      const unreached =
        membersOf === undefined
          ? assertReached(to, reached, skipped)
          : await unreachedMembers(context, unit, { to, reached, skipped, gathered });
      for (const { jid, rid: deviceId, set, before } of reached) {
        await putSessions(context, unit, { jid, deviceId }, { before, after: set });
      }
      if (membersOf === undefined && request.acquaints !== 'no') await noteWrittenTo(context, unit, reached);
      // For a large room each of these is a tenth of what a page may be stuck for.
      const message = { sid: identity.deviceId, keys: reached, payload: payload.ciphertext };
      const encrypted = await inSlice(() => context.profile.elements.writeEncrypted(message));
      const stanza = await inSlice(() => keep(context, unit, request, encrypted));
      await request.also?.commit(unit);
      return {
        encrypted,
        stanza,
        devices: reached.map(({ jid, rid }) => ({ jid, deviceId: rid })),
        skipped,
        unreached,
      };
    };
    const outcome = await transactSpending(context, { body, undo: () => discard(context, request) }, signal);
    if (!('unasked' in outcome)) return outcome;
    // Never sooner: "It is RECOMMENDED to construct sessions only immediately before sending" (XEP-0384 section 6; R70, R71).
    if (outcome.unasked.length > 0) await gatherBundles(context, outcome.unasked, gathered, { signal, onProgress });
  }
}

/** What is known to be read: in one call, for each is a round trip where the store is a server or a page's database. */
function readAhead({ keys }: AccountContext, request: EncryptRequest, { lists }: Gathered): readonly string[] {
  return [
    ...[keys.identity, keys.outboxState],
    ...(request.stanza === undefined ? [] : [keys.outbox(request.stanza.id)]),
    ...conversationsOf(request).map(keys.optOut),
    ...(request.membersOf === undefined ? [...lists].flatMap((jid) => [keys.deviceList(jid), keys.trust(jid)]) : []),
  ];
}

/** The own other devices too (XEP-0384 5.5.2, R81; 5.8.3, R108). */
function addressed({ jid }: AccountContext, { own }: EncryptRequest, to: readonly BareJid[]): readonly BareJid[] {
  return [...new Set(own === 'left-out' ? to : [...to, jid])];
}

/** Where an opt-out keeps this from being sent. */
function conversationsOf({ unlessOptedOut, to }: EncryptRequest): readonly BareJid[] {
  return unlessOptedOut ?? to;
}

/** A list that is not cached and cannot be fetched now is another thing than a list without devices. */
async function assertListed(
  context: AccountContext,
  unit: UnitOfWork,
  input: { readonly jids: readonly BareJid[]; readonly gathered: Gathered },
): Promise<void> {
  for (const jid of input.jids.filter((one) => input.gathered.failures.has(one))) {
    if ((await unit.get(deviceListRecord, context.keys.deviceList(jid))) !== undefined) continue;
    const cause = input.gathered.failures.get(jid);
    throw new OmemoError('device-list-unavailable', 'a device list cannot be had now', { details: { jid }, cause });
  }
}

/**
 * An account that content was encrypted to is no stranger: its key exchanges need no allowance (S17). Not so a room's members, whom
 * others choose: a room could name ever new ones.
 */
async function noteWrittenTo(context: AccountContext, unit: UnitOfWork, reached: readonly DeviceKey[]): Promise<void> {
  for (const jid of new Set(reached.map((key) => key.jid))) {
    const key = context.keys.trust(jid);
    const trust = await unit.get(trustRecord, key);
    if (trust !== undefined && !trust.writtenTo) unit.put(trustRecord, key, { ...trust, writtenTo: true });
  }
}

/** Somebody became a member while devices were fetched: theirs are fetched too, unless that never ends. */
function againOr(round: number, { keys }: AccountContext): { readonly unasked: readonly never[] } {
  if (round < MAX_ROUNDS) return { unasked: [] };
  const message = 'members came faster than their devices could be fetched; it may be tried again';
  throw new OmemoError('contention', message, { details: { keys: [keys.roomPrefix] } });
}

function assertReached(
  to: readonly BareJid[],
  reached: readonly DeviceKey[],
  skipped: readonly SkippedDevice[],
): readonly never[] {
  const jids = to.filter((jid) => !reached.some((key) => key.jid === jid));
  if (jids.length === 0 && reached.length > 0) return [];
  const unreached = skipped.filter(({ jid }) => jids.some((one) => one === jid));
  const distrusted = unreached.length > 0 && unreached.every(({ reason }) => reason === 'distrusted');
  const why = distrusted ? 'all devices of a recipient are distrusted' : 'a recipient has no device to encrypt to';
  throw new OmemoError('no-devices', why, { details: { jids, skipped: unreached } });
}

/** The message is not to go out after all: its caller was told that it failed, and may write it again. */
async function discard(context: AccountContext, { stanza, also }: EncryptRequest): Promise<void> {
  if (also !== undefined) await context.transact((unit) => also.undo(unit));
  if (stanza !== undefined) await removeEntries(context, outboxOf(context), [stanza.id]);
}

/** A server answers a stanza that is too large by closing the stream, and would with each attempt: it is not even begun. */
function assertSendable({ limits }: AccountContext, stanza: Element): void {
  const bytes = new TextEncoder().encode(stanza.toString()).length;
  if (bytes <= limits.maxStanzaBytes) return;
  const details = { bytes, limit: limits.maxStanzaBytes };
  throw new OmemoError('stanza-too-large', `a stanza of ${bytes} bytes is more than servers take`, { details });
}

async function keep(context: AccountContext, unit: UnitOfWork, request: EncryptRequest, encrypted: Element) {
  const { stanza } = request;
  if (stanza === undefined) return undefined;
  const built = stanza.build(encrypted);
  assertSendable(context, built);
  // A stanza is for one contact or room.
  const [conversation] = conversationsOf(request);
  await enqueue(context, unit, {
    id: stanza.id,
    stanza: built,
    kind: 'message',
    conversation,
    approved: stanza.approved,
  });
  return built;
}
