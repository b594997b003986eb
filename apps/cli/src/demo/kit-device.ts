import type { Connection, LoopbackServer } from '@omemo-kit/loopback';
import { type DecryptResult, manualTrust, Omemo, OmemoError, type UndecidedDevice } from '@omemo-kit/omemo-core';
import { SharedMemory } from '@omemo-kit/storage-memory';
import type { Element } from 'ltx';
import { type DeviceKind, type DeviceName, type Person, personOf } from './cast.ts';
import type { ChatDevice, KnownDevice, OutgoingText, SendOutcome, Shown } from './chat-device.ts';
import { expectEqual } from './expect.ts';
import { incomingOf } from './incoming.ts';
import { ScreenOfDevice } from './screen-of-device.ts';
import { textContent, textIn } from './text-content.ts';

/** A device that runs omemo-kit: a connection, a store of its own, and the facade of omemo-core. */
export class KitDevice implements ChatDevice {
  readonly owner: Person;
  readonly kind: DeviceKind;
  readonly software = 'omemo-kit';
  readonly #connection: Connection;
  readonly #omemo: Omemo;
  readonly #screen = new ScreenOfDevice();
  /** Stanzas are taken in one after the other. */
  #reading: Promise<void> = Promise.resolve();

  static async open(server: LoopbackServer, owner: Person, kind: DeviceKind): Promise<KitDevice> {
    const connection = server.connect(`${owner.jid}/${kind}`);
    const omemo = await Omemo.open({
      jid: owner.jid,
      store: new SharedMemory().open(),
      transport: connection.transport,
      trust: manualTrust,
      // The demo says when, so that it knows when all is at rest.
      upkeep: 'manual',
    });
    const device = new KitDevice({ owner, kind, connection, omemo });
    await omemo.start();
    return device;
  }

  private constructor(made: { owner: Person; kind: DeviceKind; connection: Connection; omemo: Omemo }) {
    this.owner = made.owner;
    this.kind = made.kind;
    this.#connection = made.connection;
    this.#omemo = made.omemo;
    this.#connection.onStanza((stanza) => {
      this.#reading = this.#reading.then(() => this.#receive(stanza, 'live'));
      return this.#reading;
    });
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
    return this.#screen.take();
  }

  async settle(): Promise<void> {
    const failures = await this.#omemo.settle();
    expectEqual(failures, [], `that ${this.owner.name}'s ${this.kind} owes nothing`);
  }

  close(): Promise<void> {
    return this.#omemo.close();
  }

  async #receive(stanza: Element, delivery: 'live' | 'catch-up'): Promise<void> {
    const incoming = incomingOf(stanza, { jid: this.owner.jid, deviceId: this.deviceId });
    const result = await this.#omemo.receive(stanza, { delivery });
    if (incoming === undefined || result.type === 'device-list' || result.type === 'ignored') return;
    const { id } = incoming;
    switch (result.type) {
      case 'message':
        this.#screen.read(incoming, result.envelope && textIn(result.envelope));
        return this.#omemo.ack([result.id]);
      case 'empty':
        return this.#screen.read(incoming, undefined);
      case 'not-for-this-device':
        return this.#screen.showClosed(incoming);
      case 'duplicate':
        return this.#screen.show({ type: 'duplicate', id });
      case 'invalid':
        return this.#screen.show({ type: 'failed', id, reason: result.cause.code });
      default:
        return this.#screen.show({ type: 'failed', id, reason: reasonOf(result) });
    }
  }
}

function reasonOf(result: Extract<DecryptResult, { type: 'rejected' | 'failed' }>): string {
  return result.type === 'rejected' ? result.reason : result.code;
}

function undecidedDevice({ jid, deviceId, identityKey, fingerprint }: UndecidedDevice): KnownDevice {
  return { owner: personOf(jid), deviceId, identityKey, fingerprint, trust: 'undecided' };
}
