import type { TwomemoPeer } from '@omemo-kit/interop';
import type { LogEntry, LoopbackServer } from '@omemo-kit/loopback';
import { bob, type DeviceKind, type Person } from './cast.ts';
import type { ChatDevice } from './chat-device.ts';
import type { DemoStorage } from './demo-storage.ts';
import { expect } from './expect.ts';
import { KitDevice } from './kit-device.ts';
import { TwomemoDevice } from './twomemo-device.ts';

/** Far more than it takes for all answers to have been answered. */
const MOST_ROUNDS = 20;

export interface WorldOptions {
  readonly server: LoopbackServer;
  /** What the devices that run omemo-kit keep their records in. */
  readonly storage: DemoStorage;
  /** With a peer, Bob's devices run python-omemo. */
  readonly peer?: TwomemoPeer | undefined;
}

/** The server and every device on it. */
export class World {
  readonly server: LoopbackServer;
  readonly storage: DemoStorage;
  readonly #peer: TwomemoPeer | undefined;
  #devices: readonly ChatDevice[] = [];

  constructor({ server, storage, peer }: WorldOptions) {
    this.server = server;
    this.storage = storage;
    this.#peer = peer;
  }

  get devices(): readonly ChatDevice[] {
    return this.#devices;
  }

  async add(owner: Person, kind: DeviceKind): Promise<ChatDevice> {
    const { server } = this;
    const device =
      this.#peer !== undefined && owner === bob
        ? await TwomemoDevice.open({ server, peer: this.#peer, owner, kind })
        : await this.#openKit(owner, kind);
    this.#devices = [...this.#devices, device];
    await this.rest();
    return device;
  }

  /** Starts a device again that was switched off, from nothing but its records. */
  async restart(stopped: KitDevice): Promise<KitDevice> {
    const again = await this.#openKit(stopped.owner, stopped.kind);
    this.#devices = this.#devices.map((device) => (device === stopped ? again : device));
    await this.rest();
    return again;
  }

  device(owner: Person, kind: DeviceKind): ChatDevice {
    const found = this.#devices.find((device) => device.owner === owner && device.kind === kind);
    expect(found !== undefined, `that ${owner.name} has a ${kind}`);
    return found;
  }

  /** A device that runs omemo-kit, as all of Alice's do. */
  kitDevice(owner: Person, kind: DeviceKind): KitDevice {
    const found = this.device(owner, kind);
    expect(found instanceof KitDevice, `${owner.name}'s ${kind} to run omemo-kit`);
    return found;
  }

  /** Waits until everything has arrived, was read, and was answered where an answer is owed. */
  async rest(): Promise<void> {
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const before = this.server.log.length;
      await this.server.settle();
      for (const device of this.#devices) await device.settle();
      if (this.server.log.length === before) return;
    }
    expect(false, `the devices to come to rest in ${MOST_ROUNDS} rounds`);
  }

  /** Messages that clients sent with content, as the server got them. */
  messages(): readonly LogEntry[] {
    return this.server.log.filter(({ direction, stanza }) => direction === 'to-server' && stanza.is('message'));
  }

  async close(): Promise<void> {
    for (const device of this.#devices) await device.close();
  }

  async #openKit(owner: Person, kind: DeviceKind): Promise<KitDevice> {
    return KitDevice.open(this.server, { owner, kind, store: await this.storage.open() });
  }
}
