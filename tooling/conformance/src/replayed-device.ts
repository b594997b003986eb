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
  #changesSeen = 0;

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
    this.#changesSeen = this.records.changes;
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
    await (await this.#current()).receive(deviceListEvent(jid, deviceIds));
  }

  async close(): Promise<void> {
    await this.#omemo?.close();
  }

  /**
   * After the recording changed the records by hand it is started again. Else it would find out as from another writer, at the price of
   * an attempt that draws what was recorded for the next one.
   */
  async #current(): Promise<Omemo> {
    if (this.#changesSeen !== this.records.changes) await this.restart();
    if (this.#omemo === undefined) throw new TypeError('the device was never opened');
    return this.#omemo;
  }

  async encrypt(to: readonly string[], plaintext: Uint8Array): Promise<XmlElement> {
    return (await (await this.#current()).encryptPayload(to, plaintext)).encrypted;
  }

  async encryptEmpty(to: Address): Promise<XmlElement> {
    return (await this.#current()).encryptEmpty(to);
  }

  async decrypt(from: string, encrypted: XmlElement): ReturnType<Omemo['decryptPayload']> {
    return (await this.#current()).decryptPayload({ from, encrypted, delivery: 'catch-up' });
  }

  /** The next message to that device starts a new session. */
  async replaceSessions(other: Address): Promise<void> {
    await (await this.#current()).replaceSessions(other);
  }
}
