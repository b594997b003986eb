import type { TwomemoPeer } from '@omemo-kit/interop';
import type { LogEntry, LoopbackServer } from '@omemo-kit/loopback';
import { bob, type DeviceKind, type Person } from './cast.ts';
import type { ChatDevice } from './chat-device.ts';
import { expect } from './expect.ts';
import { KitDevice } from './kit-device.ts';
import { TwomemoDevice } from './twomemo-device.ts';

/** Far more than it takes for all answers to have been answered. */
const MOST_ROUNDS = 20;

/** The server and every device on it. */
export class World {
  readonly server: LoopbackServer;
  readonly #devices: ChatDevice[] = [];
  readonly #peer: TwomemoPeer | undefined;

  /** With a peer, Bob's devices run python-omemo. */
  constructor(server: LoopbackServer, peer: TwomemoPeer | undefined) {
    this.server = server;
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
        : await KitDevice.open(server, owner, kind);
    this.#devices.push(device);
    await this.rest();
    return device;
  }

  device(owner: Person, kind: DeviceKind): ChatDevice {
    const found = this.#devices.find((device) => device.owner === owner && device.kind === kind);
    expect(found !== undefined, `that ${owner.name} has a ${kind}`);
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
}
