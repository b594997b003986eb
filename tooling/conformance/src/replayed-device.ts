import { Omemo, type TrustPolicy } from '@omemo-kit/omemo-core';
import { deviceListEvent } from './device-list.ts';
import { DeviceRecords, type DeviceSecrets } from './device-records.ts';
import type { XmlElement } from './encrypted-xml.ts';
import type { Address } from './recorded-device.ts';
import { RecordedRandomness } from './recorded-randomness.ts';
import type { RecordedTransport } from './recorded-transport.ts';

/** Replays have no people: whoever made the recording trusted everybody. */
const trustEverybody: TrustPolicy = { decide: () => 'trusted' };

/** Nobody acknowledges what a replay reads. */
const ROOM_ENOUGH = 1_000_000;

/**
 * A device of ours in the place of a recorded one: `Omemo` on a memory that was filled with the recorded keys, with the
 * recorded randomness and the recorded server around it. Messages arrive in catch-up mode, so that used pre-keys stay
 * until the recording deletes them, and nothing is published or answered by itself.
 */
export class ReplayedDevice {
  readonly address: Address;
  readonly records: DeviceRecords;
  readonly randomness = new RecordedRandomness();
  readonly #transport: RecordedTransport;
  readonly #maxSkip: number;
  #omemo: Omemo | undefined;

  private constructor({ jid, deviceId }: Address, transport: RecordedTransport, maxSkip: number) {
    this.address = { jid, deviceId };
    this.records = new DeviceRecords(this.address);
    this.#transport = transport;
    this.#maxSkip = maxSkip;
  }

  /** @param options.maxSkip most skipped keys, of one message and of one session; 1,000 when absent */
  static async open(options: {
    readonly secrets: DeviceSecrets;
    readonly transport: RecordedTransport;
    readonly maxSkip?: number;
  }): Promise<ReplayedDevice> {
    const { secrets, transport, maxSkip = 1_000 } = options;
    const device = new ReplayedDevice(secrets, transport, maxSkip);
    await device.records.putSecrets(secrets);
    await device.restart();
    return device;
  }

  /** Loads the device from its store, as after a restart of the program. */
  async restart(): Promise<void> {
    await this.close();
    this.#omemo = await Omemo.open({
      jid: this.address.jid,
      store: this.records.store,
      transport: this.#transport,
      trust: trustEverybody,
      randomness: this.randomness.source,
      clock: () => 0,
      limits: { maxSkip: this.#maxSkip, maxStoredSkipped: this.#maxSkip, maxInbox: ROOM_ENOUGH },
      upkeep: 'manual',
    });
  }

  /** The account has exactly these devices: so its server says, and so an event has told the device. */
  async knowDeviceList(jid: string, deviceIds: readonly number[]): Promise<void> {
    this.#transport.publishDeviceIds(jid, deviceIds);
    await this.#omemo!.receive(deviceListEvent(jid, deviceIds));
  }

  async close(): Promise<void> {
    await this.#omemo?.close();
  }

  async encrypt(to: readonly string[], plaintext: Uint8Array): Promise<XmlElement> {
    return (await this.#omemo!.encryptPayload(to, plaintext)).encrypted;
  }

  async encryptEmpty(to: Address): Promise<XmlElement> {
    return this.#omemo!.encryptEmpty(to);
  }

  decrypt(from: string, encrypted: XmlElement): ReturnType<Omemo['decryptPayload']> {
    return this.#omemo!.decryptPayload({ from, encrypted, delivery: 'catch-up' });
  }

  /** The next message to that device starts a new session. */
  async replaceSessions(other: Address): Promise<void> {
    await this.#omemo!.replaceSessions(other);
  }
}
