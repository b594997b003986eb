import { type BareJid, serializeEncrypted } from '@omemo-kit/omemo-wire';
import type { Element } from 'ltx';
import { ownIdentity, sessionContext } from '../account/identity.ts';
import type { AccountContext } from '../context.ts';
import { enqueue } from '../delivery/outbox.ts';
import { OmemoError } from '../errors.ts';
import { sameBytes } from '../records/bytes.ts';
import type { SessionContext } from '../sessions/step.ts';
import { putSessions } from '../sessions/store-sessions.ts';
import type { UnitOfWork } from '../storage/unit-of-work.ts';
import { addressKey, type DeviceAddress } from './addresses.ts';
import { type DeviceKey, keyForDevice } from './device-keys.ts';
import { Gathered, gather } from './gather.ts';
import { listedDevices, type Recipient } from './recipients.ts';
import { undecidedError } from './undecided.ts';

export interface EncryptRequest {
  /** Bare JIDs of the recipients; the own account's other devices are always added. */
  readonly to: readonly BareJid[];
  readonly plaintext: Uint8Array;
  /** Wraps `<encrypted>` into the stanza that is kept in the outbox; absent: nothing is kept there. */
  readonly stanza?: { readonly id: string; build(encrypted: Element): Element };
}

export interface Encrypted {
  readonly encrypted: Element;
  readonly stanza: Element | undefined;
  /** Devices the message can be read on. */
  readonly devices: readonly DeviceAddress[];
  /** Listed devices that get no key, and why. */
  readonly skipped: readonly (DeviceAddress & {
    readonly reason: 'distrusted' | 'no-bundle';
    readonly cause?: unknown;
  })[];
}

/** Rounds of fetching, when devices appear between fetching and committing. */
const MAX_ROUNDS = 3;

/**
 * Encrypts a payload to every listed device of the recipients and of the own account but this one (XEP-0384 4.4,
 * 5.5.2). The sessions' next states and the stanza are committed before anything is returned.
 *
 * @throws OmemoError `undecided-devices` while a device waits for a trust decision, `no-devices` when a recipient has
 * none left, `outbox-full`, `contention`; nothing has changed then.
 */
export async function encryptPayload(
  context: AccountContext,
  request: EncryptRequest,
  signal?: AbortSignal,
): Promise<Encrypted> {
  const jids = [...new Set([...request.to, context.jid])];
  const payload = context.profile.sealPayload({ key: context.randomness.payloadKey(), plaintext: request.plaintext });
  const gathered = new Gathered();
  // Outlives a conflict: only devices whose sessions moved meanwhile are computed again, with the same payload key.
  const computed = new ComputedKeys();
  for (let round = 1; ; round++) {
    await gather(context, jids, gathered, signal);
    const outcome = await context.transact(async (unit) => {
      await unit.load([context.keys.identity, context.keys.outboxState]);
      const identity = await ownIdentity(context, unit);
      const recipients = await listedDevices(context, unit, { jids, ownDeviceId: identity.deviceId });
      const undecided = recipients.filter(({ trust }) => trust === 'undecided');
      const unknown = undecided.filter(({ identityKey }) => identityKey === undefined);
      if (unknown.some((device) => !gathered.knows(device)) && round < MAX_ROUNDS) return 'gather-again';
      const waiting = undecided.filter(({ identityKey }) => identityKey !== undefined);
      if (waiting.length > 0) throw undecidedError(waiting);

      const step = sessionContext(context, identity);
      const { deviceKeys, skipped } = computeKeys(step, { recipients, gathered, computed }, payload.keyMaterial);
      assertReached(request.to, deviceKeys, gathered);
      for (const { jid, rid: deviceId, set, before } of deviceKeys) {
        await putSessions(context, unit, { jid, deviceId }, { before, after: set });
      }
      const encrypted = serializeEncrypted({ sid: identity.deviceId, keys: deviceKeys, payload: payload.ciphertext });
      const stanza = await keep(context, unit, request, encrypted);
      return { encrypted, stanza, devices: deviceKeys.map(({ jid, rid }) => ({ jid, deviceId: rid })), skipped };
    }, signal);
    if (outcome !== 'gather-again') return outcome;
  }
}

class ComputedKeys {
  readonly #known = new Map<string, { readonly recipient: Recipient; readonly key: DeviceKey }>();

  get(recipient: Recipient): DeviceKey | undefined {
    const known = this.#known.get(addressKey(recipient));
    if (known === undefined) return undefined;
    const { revision, identityKey } = known.recipient;
    const same = sameOrNone(revision, recipient.revision) && sameOrNone(identityKey, recipient.identityKey);
    return same ? known.key : undefined;
  }

  set(recipient: Recipient, key: DeviceKey): void {
    this.#known.set(addressKey(recipient), { recipient, key });
  }
}

function sameOrNone(a: Uint8Array | null | undefined, b: Uint8Array | null | undefined): boolean {
  return a && b ? sameBytes(a, b) : !a && !b;
}

function computeKeys(
  step: SessionContext,
  input: { readonly recipients: readonly Recipient[]; readonly gathered: Gathered; readonly computed: ComputedKeys },
  keyMaterial: Uint8Array,
) {
  const { recipients, gathered, computed } = input;
  const deviceKeys: DeviceKey[] = [];
  const skipped: Encrypted['skipped'][number][] = [];
  for (const recipient of recipients) {
    const { jid, deviceId, identityKey, set, trust } = recipient;
    if (trust === 'distrusted') {
      skipped.push({ jid, deviceId, reason: 'distrusted' });
      continue;
    }
    const bundle = gathered.bundles.get(addressKey(recipient));
    const key =
      identityKey === undefined
        ? undefined
        : (computed.get(recipient) ?? keyForDevice(step, { jid, deviceId, set, identityKey, bundle, keyMaterial }));
    if (key === undefined) {
      skipped.push({ jid, deviceId, reason: 'no-bundle', cause: gathered.failures.get(addressKey(recipient)) });
      continue;
    }
    computed.set(recipient, key);
    deviceKeys.push(key);
  }
  return { deviceKeys, skipped };
}

function assertReached(to: readonly BareJid[], keys: readonly DeviceKey[], gathered: Gathered): void {
  const jids = to.filter((jid) => !keys.some((key) => key.jid === jid));
  const [first] = jids;
  if (first === undefined) return;
  const cause = gathered.failures.get(first);
  throw new OmemoError('no-devices', `no device of ${jids.join(', ')} can be encrypted to`, {
    details: { jids },
    cause,
  });
}

async function keep(context: AccountContext, unit: UnitOfWork, { stanza }: EncryptRequest, encrypted: Element) {
  if (stanza === undefined) return undefined;
  const built = stanza.build(encrypted);
  await enqueue(context, unit, { id: stanza.id, stanza: built, kind: 'message' });
  return built;
}
