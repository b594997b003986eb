import type { Connection, LoopbackServer } from '@omemo-kit/loopback';
import { manualTrust, Omemo, OmemoError, type ReadMessage, type UndecidedDevice } from '@omemo-kit/omemo-core';
import { type Store, StoreError } from '@omemo-kit/omemo-core/ports';
import type { Element } from 'ltx';
import { accountOf, type DeviceKind, type DeviceName, type Person, personOf } from './cast.ts';
import type { ChatDevice, KnownDevice, OutgoingText, SendOutcome, Shown } from './chat-device.ts';
import { expectEqual } from './expect.ts';
import { incomingOf } from './incoming.ts';
import { shownInstead } from './shown-instead.ts';
import { textContent, textIn } from './text-content.ts';

interface Parts {
  readonly owner: Person;
  readonly kind: DeviceKind;
  readonly connection: Connection;
  readonly store: Store;
  readonly omemo: Omemo;
}

/** A device that runs omemo-kit: a connection, a store of its own, and the facade of omemo-core. */
export class KitDevice implements ChatDevice {
  readonly owner: Person;
  readonly kind: DeviceKind;
  readonly software = 'omemo-kit';
  readonly #connection: Connection;
  readonly #store: Store;
  readonly #omemo: Omemo;
  readonly #shown: Shown[] = [];
  /** Stanzas are taken in one after the other. */
  #reading: Promise<void> = Promise.resolve();
  #unacknowledged: readonly string[] = [];
  #power: 'on' | 'off at the next message' | 'off' = 'on';

  /** Starts the device whose records the store holds, or makes it, and shows what it had read and not yet shown. */
  static async open(
    server: LoopbackServer,
    made: { readonly owner: Person; readonly kind: DeviceKind; readonly store: Store },
  ): Promise<KitDevice> {
    const { owner, kind, store } = made;
    const connection = server.connect(`${owner.jid}/${kind}`);
    const omemo = await Omemo.open({
      jid: owner.jid,
      store,
      account: accountOf({ owner: owner.name, kind }),
      transport: connection.transport,
      trust: manualTrust,
      // The demo says when, so that it knows when all is at rest.
      upkeep: 'manual',
    });
    const device = new KitDevice({ owner, kind, connection, store, omemo });
    await device.#showInbox();
    device.#listen();
    await omemo.start();
    return device;
  }

  private constructor({ owner, kind, connection, store, omemo }: Parts) {
    this.owner = owner;
    this.kind = kind;
    this.#connection = connection;
    this.#store = store;
    this.#omemo = omemo;
  }

  get name(): DeviceName {
    return { owner: this.owner.name, kind: this.kind };
  }

  get fullJid(): string {
    return this.#connection.jid;
  }

  get deviceId(): number {
    return this.#omemo.deviceId;
  }

  get fingerprint(): readonly string[] {
    return this.#omemo.fingerprint;
  }

  async send({ to, text, id }: OutgoingText): Promise<SendOutcome> {
    try {
      await this.#omemo.send({ to: to.jid, content: textContent(text), id });
      return { type: 'sent' };
    } catch (error) {
      if (!(error instanceof OmemoError) || error.code !== 'undecided-devices') throw error;
      const { devices } = error.details as { readonly devices: readonly UndecidedDevice[] };
      return { type: 'refused', reason: error.code, undecided: devices.map(undecidedDevice) };
    }
  }

  async knownDevices(person: Person): Promise<readonly KnownDevice[]> {
    const devices = await this.#omemo.devices(person.jid);
    return devices.flatMap(({ deviceId, identityKey, fingerprint, trust, current }) => {
      if (current || identityKey === undefined) return [];
      const decided = trust === 'undecided' ? 'undecided' : 'decided';
      return [{ owner: person, deviceId, identityKey, fingerprint, trust: decided }];
    });
  }

  async verify({ owner, identityKey }: KnownDevice): Promise<void> {
    await this.#omemo.setTrust({ jid: owner.jid, identityKey, level: 'verified' });
  }

  async readArchived(stanza: Element): Promise<void> {
    await this.#receive(stanza, 'catch-up');
    await this.#omemo.finishCatchUp();
  }

  takeShown(): readonly Shown[] {
    return this.#shown.splice(0);
  }

  /** Ids of messages read and not acknowledged: as it was switched off, or as it found them when it started. */
  get unacknowledged(): readonly string[] {
    return this.#unacknowledged;
  }

  /** Whether it was switched off. */
  get isOff(): boolean {
    return this.#power === 'off';
  }

  /** Switches it off once the next message is decrypted, before it is shown: nothing is written from then on. */
  switchOffAtNextMessage(): void {
    this.#power = 'off at the next message';
  }

  async settle(): Promise<void> {
    if (this.isOff) return;
    const failures = await this.#omemo.settle();
    const ofStore = failures.find(({ cause }) => cause instanceof StoreError);
    if (ofStore !== undefined) throw ofStore.cause;
    expectEqual(failures, [], `that ${this.owner.name}'s ${this.kind} owes nothing`);
  }

  async close(): Promise<void> {
    if (this.isOff) return;
    await this.#omemo.close();
    await this.#store.close();
  }

  /** What was read and not acknowledged before the end came, all of it under the ids it had. */
  async #showInbox(): Promise<void> {
    const inbox = await this.#omemo.inbox();
    this.#unacknowledged = inbox.map(({ id }) => id);
    for (const message of inbox) {
      if (message.type === 'message') await this.#show(message, message.stanza?.id ?? '');
    }
  }

  #listen(): void {
    this.#connection.onStanza((stanza) => {
      this.#reading = this.#reading.then(() => this.#receive(stanza, 'live'));
      return this.#reading;
    });
  }

  async #receive(stanza: Element, delivery: 'live' | 'catch-up'): Promise<void> {
    if (this.isOff) return;
    const incoming = incomingOf(stanza, { jid: this.owner.jid, deviceId: this.deviceId });
    const result = await this.#omemo.receive(stanza, { delivery });
    if (incoming === undefined || result.type === 'device-list' || result.type === 'ignored') return;
    if (result.type === 'message') {
      return this.#power === 'on' ? this.#show(result, incoming.id) : this.#switchOff(result);
    }
    const shown = shownInstead(result, incoming);
    if (shown !== undefined) this.#shown.push(shown);
  }

  async #show(message: ReadMessage, id: string): Promise<void> {
    const text = message.envelope && textIn(message.envelope);
    const { missing, sender } = message;
    const order = message.order === 'late' ? ('late' as const) : ('in-order' as const);
    if (text !== undefined) this.#shown.push({ type: 'text', id, from: sender.jid, text, missing, order });
    await this.#omemo.ack([message.id]);
  }

  /** Not as somebody leaves who tidies up: the store goes first, and Omemo finds it closed. */
  async #switchOff({ id }: ReadMessage): Promise<void> {
    this.#power = 'off';
    this.#unacknowledged = [id];
    this.#connection.disconnect();
    await this.#store.close();
    await this.#omemo.close();
  }
}

function undecidedDevice({ jid, deviceId, identityKey, fingerprint }: UndecidedDevice): KnownDevice {
  return { owner: personOf(jid), deviceId, identityKey, fingerprint, trust: 'undecided' };
}
