import type { Ed25519PublicKey } from '@omemo-kit/primitives';
import type { Element } from 'ltx';
import { type FinishCatchUpOptions, finishCatchUp } from './account/catch-up.ts';
import { openDevice } from './account/create-device.ts';
import { ownIdentity } from './account/identity.ts';
import { OwnAccount } from './account/own-account.ts';
import { rotateSignedPreKey } from './account/rotate.ts';
import { ArchivePositions } from './archives/archive-positions.ts';
import { assertElement, assertGiven, idArguments, jidArgument, jidArguments } from './arguments.ts';
import type { AccountContext } from './context.ts';
import type { SettleFailure } from './debts/settle-failure.ts';
import { Upkeep } from './debts/upkeep.ts';
import { entries, removeEntries } from './delivery/box.ts';
import { inboxOf } from './delivery/inbox.ts';
import { deliver, flushOutbox, noteSent, outboxOf, unmarkBounced } from './delivery/outbox.ts';
import { type OutboxEntry, shownOutbox } from './delivery/shown-outbox.ts';
import { type DeviceInfo, knownDevices } from './devices/known-devices.ts';
import { isOmemoError } from './errors.ts';
import { EventSource, type OmemoEvents } from './events.ts';
import { EncryptedIqs } from './iq/encrypted-iqs.ts';
import type { DeviceAddress } from './messages/addresses.ts';
import { type Audience, audienceOf } from './messages/audience.ts';
import { type Encrypted, encryptPayload } from './messages/encrypt.ts';
import { encryptEmpty } from './messages/encrypt-empty.ts';
import { resultOf } from './messages/inbox-result.ts';
import {
  type EncryptedStanza,
  encryptMessage,
  type OutgoingMessage,
  type SentMessage,
} from './messages/outgoing-message.ts';
import { type ReceiveResult, receive } from './messages/receive.ts';
import { receiveAll } from './messages/receive-all.ts';
import type { ReceiveOptions } from './messages/receive-options.ts';
import { receivePayload } from './messages/receive-payload.ts';
import type { DecryptResult, InvalidStanza, ReadMessage, RejectedMessage } from './messages/results.ts';
import type { AudienceOptions, DevicesOptions, OmemoOptions } from './omemo-options.ts';
import { openContext } from './open-context.ts';
import { OptOuts } from './opt-out/opt-outs.ts';
import type { IdentityRecord } from './records/identity.ts';
import { compare } from './rollback/compare.ts';
import { checkCounter } from './rollback/counter.ts';
import { type Healed, type HealOptions, heal } from './rollback/heal.ts';
import { markRoomsStale } from './rooms/new-session.ts';
import { Rooms } from './rooms/rooms.ts';
import { replaceSessions, type SessionsToReplace } from './sessions/replace.ts';
import { closedError, OperationQueue } from './storage/queue.ts';
import { choosePolicy, type PolicyChoice } from './trust/choose-policy.ts';
import { decideTrust, type TrustDecision } from './trust/decide.ts';
import { fingerprint } from './trust/fingerprint.ts';
import { keyCopy } from './trust/key-copy.ts';
import { type Verification, verificationUri, verify } from './trust/verify.ts';

interface Opened {
  readonly context: AccountContext;
  readonly queue: OperationQueue;
  readonly events: EventSource;
  readonly own: IdentityRecord;
}

/**
 * OMEMO for one device of one account. It delegates: what a call does is told where it is done.
 *
 * Calls of one Omemo take turns on the store; several Omemos on one store, in tabs, workers or processes, are safe too.
 * Calls that may wait for the network take an AbortSignal. After `close` every call rejects with `closed`.
 */
export class Omemo {
  readonly jid: string;
  readonly identityKey: Ed25519PublicKey;
  /** The own identity key as others see and compare it: eight groups of eight hex digits. */
  readonly fingerprint: readonly string[];
  /** How far archives were read, to go on there after a restart. */
  readonly positions: ArchivePositions;
  /** Encrypted IQs: one resource asks another. */
  readonly iq: EncryptedIqs;
  /** Conversations that go on in plain text (XEP-0384 5.7). */
  readonly optOut: OptOuts;
  /** Rooms that are encrypted to (XEP-0384 5.8). */
  readonly rooms: Rooms;
  /** What the account shows of its own devices. */
  readonly account: OwnAccount;
  readonly #context: AccountContext;
  readonly #queue: OperationQueue;
  readonly #events: EventSource;
  readonly #upkeep: Upkeep;
  #deviceId: number;

  private constructor(options: OmemoOptions, open: Opened) {
    const { context, queue, events, own } = open;
    this.#context = context;
    this.#queue = queue;
    this.#events = events;
    this.#upkeep = new Upkeep(context, {
      mode: options.upkeep ?? 'automatic',
      onFailure: (failures) => this.#events.emit('settle-failed', failures),
    });
    this.#deviceId = own.deviceId;
    this.positions = new ArchivePositions(context);
    const part = { context, assertOpen: () => this.#assertOpen(), settleSoon: () => this.#upkeep.settleSoon() };
    this.iq = new EncryptedIqs(part);
    this.optOut = new OptOuts(part);
    this.rooms = new Rooms(part);
    this.account = new OwnAccount(part);
    this.jid = context.jid;
    this.identityKey = keyCopy(own.identityKeyPair.publicKey);
    this.fingerprint = fingerprint(this.identityKey);
  }

  /**
   * Opens the device that the store holds for this account, or makes one. Nothing is published yet: that is `start`.
   *
   * A store that the rollback counter shows to be an old copy is opened too; every use of it is `store-rolled-back` then.
   *
   * @throws OmemoError `different-account`, `newer-schema`, `corrupt-record`, `contention`, `witness-unavailable`.
   */
  static async open(options: OmemoOptions): Promise<Omemo> {
    const queue = new OperationQueue();
    const events = new EventSource();
    const context = openContext(options, queue, events);
    const own = await openDevice(context, options.device ?? {});
    await noteRollback(context);
    return new Omemo(options, { context, queue, events, own });
  }

  /**
   * 1 to 2^31 - 1. It changes in the first `start`, when the account turns out to have a device of that id already, and in
   * `heal`; also by another process, which this one learns in its next `start`.
   */
  get deviceId(): number {
    return this.#deviceId;
  }

  /**
   * Announces the device: publishes its bundle, then puts it on the account's device list, and pays what else is owed.
   * To be called with every new connection, and before anything that `encrypt` returned is sent: first of all it compares
   * the store with what is known of it outside. A device that was deactivated stays so: what is seen of it still is removed.
   *
   * @throws OmemoError `store-rolled-back`: the store is an old copy, see `heal`; what kept the bundle or the list from being published.
   */
  async start(signal?: AbortSignal): Promise<void> {
    this.#assertOpen();
    // Before anything is waited for: what comes from now on is of the new connection.
    this.#context.rooms.newSession(this.#context.now());
    this.#context.listsSeen.clear();
    await compare(this.#context, signal);
    await markRoomsStale(this.#context, signal);
    const failures = await this.#upkeep.settle('take-over', signal);
    this.#deviceId = (await this.#context.transact((unit) => ownIdentity(this.#context, unit))).deviceId;
    const failed = failures.find(keepsFromStarting);
    if (failed !== undefined) throw failed.cause;
    if (failures.length > 0) this.#events.emit('settle-failed', failures);
  }

  /**
   * Publishes, fetches, answers and sends whatever is owed; publishes nothing before the first `start`. Returns what could
   * not be done and stays owed.
   */
  async settle(signal?: AbortSignal): Promise<readonly SettleFailure[]> {
    this.#assertOpen();
    return this.#upkeep.settle('wait', signal);
  }

  /**
   * Takes in a stanza of the stream, whatever it is. A message is in the inbox, and everything it changed is durable,
   * before this resolves: `ack` it once it is stored or shown.
   *
   * @throws OmemoError `inbox-full` before anything is consumed, `contention`. What a peer sent never throws.
   */
  async receive(stanza: Element, options: ReceiveOptions = {}, signal?: AbortSignal): Promise<ReceiveResult> {
    this.#assertOpen();
    assertElement(stanza);
    const result = await receive(this.#context, stanza, { ...options, signal });
    this.#noteReceived(result, options);
    return result;
  }

  /**
   * Takes in many stanzas, the messages of an archive say, in their order and as `receive` does, but some dozens with one commit, which is
   * most of what each costs with a database. Resolves when all of it is durable, with what became of each; one that could not be taken in is
   * no matter of the others. A crash before that takes in none or some of them, and never a part of one.
   */
  async receiveAll(
    stanzas: readonly Element[],
    options: ReceiveOptions = {},
    signal?: AbortSignal,
  ): Promise<readonly PromiseSettledResult<ReceiveResult>[]> {
    this.#assertOpen();
    for (const stanza of stanzas) assertElement(stanza);
    const outcomes = await receiveAll(this.#context, stanzas, { ...options, signal });
    for (const outcome of outcomes) if (outcome.status === 'fulfilled') this.#noteReceived(outcome.value, options);
    return outcomes;
  }

  #noteReceived(result: ReceiveResult, { delivery }: ReceiveOptions): void {
    if (result.type === 'device-list') this.#events.emit('device-list', result);
    if (delivery !== 'catch-up' && mayOwe(result)) this.#upkeep.settleSoon();
  }

  /**
   * Encrypts content for all devices of the recipient and our other ones. Send the stanza, and tell `sent` when the
   * server has it; or leave both to `send`.
   *
   * @throws OmemoError `opted-out`, `undecided-devices`, `no-devices`, `device-list-unavailable`, `outbox-full`, `contention`,
   * `invalid-argument`; nothing is consumed then.
   */
  async encrypt(message: OutgoingMessage, signal?: AbortSignal): Promise<EncryptedStanza> {
    this.#assertOpen();
    assertGiven(message, 'a message');
    return encryptMessage(this.#context, message, signal);
  }

  /** Encrypts and sends. A connection that is gone is no failure: the stanza waits in the outbox for the next `start`. */
  async send(message: OutgoingMessage, signal?: AbortSignal): Promise<SentMessage> {
    const encrypted = await this.encrypt(message, signal);
    return { ...encrypted, ...(await deliver(this.#context, encrypted, signal)) };
  }

  /** The server has these stanzas: they leave the outbox. */
  async sent(ids: readonly string[]): Promise<void> {
    this.#assertOpen();
    await noteSent(this.#context, idArguments(ids));
  }

  /** Takes stanzas out of the outbox that are not to be sent any more: those that came back, or whose author thought better. */
  async discard(ids: readonly string[]): Promise<void> {
    this.#assertOpen();
    await removeEntries(this.#context, outboxOf(this.#context), idArguments(ids));
  }

  /** Sends stanzas again that came back, with the same bytes. Returns how many of the outbox went out. */
  async resend(ids: readonly string[], signal?: AbortSignal): Promise<number> {
    this.#assertOpen();
    await unmarkBounced(this.#context, idArguments(ids));
    return (await flushOutbox(this.#context, { own: 'wait', signal })).sent;
  }

  /** The application has these messages for good: they leave the inbox. */
  async ack(ids: readonly string[]): Promise<void> {
    this.#assertOpen();
    await removeEntries(this.#context, inboxOf(this.#context), idArguments(ids));
  }

  /** What was read and is not acknowledged, oldest first: to be shown again after a restart, under the same ids. */
  async inbox(): Promise<readonly (ReadMessage | RejectedMessage)[]> {
    this.#assertOpen();
    return (await entries(this.#context, inboxOf(this.#context))).map(resultOf);
  }

  /** What is encrypted and not known to have reached the server, oldest first. */
  async outbox(): Promise<readonly OutboxEntry[]> {
    this.#assertOpen();
    return shownOutbox(this.#context);
  }

  /** Sends again what nobody is sending. `start` and `settle` do so too. Returns how many stanzas went out. */
  async flush(signal?: AbortSignal): Promise<number> {
    this.#assertOpen();
    return (await flushOutbox(this.#context, { own: 'wait', signal })).sent;
  }

  /** The devices of an account, our own by default, with what people compare and what was decided. */
  async devices(jid: string = this.jid, options: DevicesOptions = {}): Promise<readonly DeviceInfo[]> {
    this.#assertOpen();
    return knownDevices(this.#context, jidArgument(jid), {
      refresh: options.refresh ?? 'stale-only',
      signal: options.signal,
    });
  }

  /** Who could read a message to these accounts now, and about how large it would be; nothing is encrypted. */
  async audience(to: readonly string[], options: AudienceOptions = {}): Promise<Audience> {
    this.#assertOpen();
    const asked = { to: jidArguments(to), payloadBytes: options.payloadBytes ?? 0 };
    return audienceOf(this.#context, asked, options.signal);
  }

  /** Remembers what a person decided about an identity key of an account. */
  async setTrust(decision: TrustDecision): Promise<void> {
    this.#assertOpen();
    assertGiven(decision, 'a decision');
    await decideTrust(this.#context, { ...decision, jid: jidArgument(decision.jid) });
  }

  /** Chooses the policy for new keys of one account, in place of the one that holds for all. */
  async setTrustPolicy(choice: PolicyChoice): Promise<void> {
    this.#assertOpen();
    assertGiven(choice, 'a policy');
    await choosePolicy(this.#context, { ...choice, jid: jidArgument(choice.jid) });
  }

  /** Compares the keys in a URI that another person showed with what is known, and verifies those that are the same. */
  async verify(uri: string, signal?: AbortSignal): Promise<Verification> {
    this.#assertOpen();
    return verify(this.#context, uri, signal);
  }

  /** The URI for others to scan and `verify`: `xmpp:JID?omemo2-sid-ID=HEX;…`. */
  async verificationUri(): Promise<string> {
    this.#assertOpen();
    return verificationUri(this.#context);
  }

  /**
   * Starts new sessions by hand, the cure for broken ones: with one device, with those of an account, or with everybody.
   *
   * @returns the devices concerned: those that there is a session with.
   */
  async replaceSessions(which: SessionsToReplace = {}): Promise<readonly DeviceAddress[]> {
    this.#assertOpen();
    const jid = which.jid === undefined ? undefined : jidArgument(which.jid);
    const replaced = await replaceSessions(this.#context, { ...which, jid });
    this.#upkeep.settleSoon();
    return replaced;
  }

  /** Makes a fresh signed pre-key and publishes it. Upkeep does so too, every `limits.signedPreKeyPeriod`. */
  async rotateSignedPreKey(): Promise<void> {
    this.#assertOpen();
    await rotateSignedPreKey(this.#context);
    this.#upkeep.settleSoon();
  }

  /**
   * Ends reading an archive with `delivery: 'catch-up'`: used pre-keys are deleted, and what became owed meanwhile is paid, which
   * is one publication of the bundle and one empty message a device. Until then nothing of that happens, also not after a
   * restart; a catch-up that is never finished is over after `limits.catchUpSilence`. With `usedPreKeys: 'keep'` all is paid and
   * the pre-keys stay for archives that are still being read, until it is called without.
   */
  async finishCatchUp(options: FinishCatchUpOptions = {}): Promise<void> {
    this.#assertOpen();
    await finishCatchUp(this.#context, options);
    this.#upkeep.settleSoon();
  }

  /**
   * Goes on with a store that `store-rolled-back` was thrown for, as a new device of the same identity: sessions, pre-keys
   * and the outbox are given up, trust and the inbox stay. Call `start` after it. With `witness: 'application'` also with one
   * that nothing shows to be an old copy, when the application knows that it is.
   *
   * @throws OmemoError `invalid-argument` when the store is not refused, `witness-unavailable`.
   */
  async heal(options: HealOptions = {}, signal?: AbortSignal): Promise<Healed> {
    this.#assertOpen();
    const healed = await heal(this.#context, options, signal);
    this.#deviceId = healed.deviceId;
    return healed;
  }

  /** Encrypts bytes of the application's own, without envelope, stanza and outbox. */
  async encryptPayload(to: readonly string[], plaintext: Uint8Array, signal?: AbortSignal): Promise<Encrypted> {
    this.#assertOpen();
    return encryptPayload(this.#context, { to: jidArguments(to), plaintext }, signal);
  }

  /** An `<encrypted/>` element without content for one device, outside the outbox; `settle` sends those owed itself. */
  async encryptEmpty(device: DeviceAddress, signal?: AbortSignal): Promise<Element> {
    this.#assertOpen();
    const request = { ...device, jid: jidArgument(device.jid), send: 'always' } as const;
    return (await encryptEmpty(this.#context, request, signal)).encrypted;
  }

  /** Reads an `<encrypted/>` element whose payload is bytes of the application's own. The sender must be vouched for. */
  async decryptPayload(
    received: { readonly from: string; readonly encrypted: Element } & Pick<ReceiveOptions, 'delivery'>,
    signal?: AbortSignal,
  ): Promise<DecryptResult | InvalidStanza> {
    this.#assertOpen();
    const result = await receivePayload(this.#context, { ...received, from: jidArgument(received.from) }, signal);
    if (received.delivery !== 'catch-up') this.#upkeep.settleSoon();
    return result;
  }

  /** Calls `listener` for every such event from now on; the function returned ends that. */
  on<Name extends keyof OmemoEvents>(name: Name, listener: (event: OmemoEvents[Name]) => void): () => void {
    return this.#events.on(name, listener);
  }

  /** Aborts upkeep, waits for the commit under way and refuses what comes after. The store stays open. */
  async close(): Promise<void> {
    const round = this.#upkeep.close();
    await this.#queue.close();
    await round;
  }

  #assertOpen(): void {
    if (this.#queue.closed) throw closedError();
  }
}

/** An old copy of the store is opened all the same, or it could not be healed; every use of it is refused. */
async function noteRollback(context: AccountContext): Promise<void> {
  try {
    await checkCounter(context);
  } catch (error) {
    if (!isOmemoError(error, 'store-rolled-back')) throw error;
  }
}

/** A device that has to wait for its place on the list can do all but be written to. */
function keepsFromStarting({ debt, cause }: SettleFailure): boolean {
  if (debt === 'device-list')
    return !isOmemoError(cause, 'announcement-delayed') && !isOmemoError(cause, 'own-list-unusable');
  return debt === 'bundle';
}

/** Only what was read, or a list that moved, can have left something to be done. */
function mayOwe(result: ReceiveResult): boolean {
  if (result.type === 'device-list') return result.change !== 'unchanged';
  if (result.type === 'room-members') return result.state === 'stale';
  if (result.type === 'failed') return result.sessionOwed === true;
  return ['message', 'request', 'empty', 'rejected'].includes(result.type);
}
