import { announceAlone } from '../debts/announce.ts';
import { takeOffList } from '../debts/take-off-list.ts';
import { withdraw } from '../debts/withdraw.ts';
import { checkLabel } from '../devices/labels.ts';
import { OmemoError } from '../errors.ts';
import type { FacadePart } from '../facade-part.ts';
import { identityRecord, type Standing } from '../records/identity.ts';
import { activate } from './activate.ts';
import { ownIdentity } from './identity.ts';

/** What the own account shows of its devices: `omemo.account`. */
export class OwnAccount {
  readonly #part: FacadePart;

  /** @internal */
  constructor(part: FacadePart) {
    this.#part = part;
  }

  /** Whether OMEMO is in use on this device: see `deactivate`. */
  async standing(): Promise<Standing> {
    const { context } = this.#part;
    this.#part.assertOpen();
    return (await context.transact((unit) => ownIdentity(context, unit))).standing;
  }

  /**
   * Names this device for others, with a signature, in the next publication of the device list; undefined takes the name
   * away. None is published by default: clients that are built on python-omemo 1.x refuse a whole device list that has one (X38).
   *
   * @throws OmemoError `invalid-argument` for more than 53 code points (XEP-0384 5.3.1), exactly 32 bytes (S08), control
   * characters, or nothing.
   */
  async setLabel(label: string | undefined): Promise<void> {
    const { context } = this.#part;
    this.#part.assertOpen();
    if (label !== undefined) checkLabel(label);
    await context.transact(async (unit) => {
      const identity = await ownIdentity(context, unit);
      if (identity.label !== label) unit.put(identityRecord, context.keys.identity, { ...identity, label });
    });
    this.#part.settleSoon();
  }

  /**
   * Takes other devices of the own account off the device list, then removes their bundles, so that nobody encrypts for
   * them any more. A device that is still in use puts itself back (XEP-0384 5.3.1). What is known of their keys stays.
   *
   * @throws OmemoError `invalid-argument` when this device is among them: that is `deactivate`; `own-list-unusable`;
   * `publication-failed`; TransportError.
   */
  async removeDevices(deviceIds: readonly number[], signal?: AbortSignal): Promise<void> {
    const { context } = this.#part;
    this.#part.assertOpen();
    const ids = [...new Set(deviceIds)];
    if (ids.some((id) => !Number.isInteger(id) || id < 0 || id > 0xffff_ffff)) {
      throw new OmemoError('invalid-argument', 'a device id is an unsigned integer of 32 bits');
    }
    const own = await context.transact((unit) => ownIdentity(context, unit), signal);
    if (ids.includes(own.deviceId)) throw new OmemoError('invalid-argument', 'this device is removed by deactivate');
    if (ids.length > 0) await takeOffList(context, ids, signal);
  }

  /**
   * Replaces the device list of the own account by one that holds this device alone; a device that is deactivated leaves an empty one.
   * The way out of `own-list-unusable`. Other devices put themselves back once they are in use (XEP-0384 5.3.1); until then nobody
   * encrypts for them.
   *
   * @throws OmemoError `publication-failed`; TransportError.
   */
  async replaceDeviceList(signal?: AbortSignal): Promise<void> {
    const { context } = this.#part;
    this.#part.assertOpen();
    await announceAlone(context, signal);
    if ((await this.standing()) === 'withdrawing') await withdraw(context, signal);
  }

  /**
   * Ends the use of OMEMO on this device: it goes off the device list, then its bundle, "that way other clients should stop
   * encrypting for that account" (XEP-0384 section 6, X49). Nothing is published, announced or answered from then on, by no event and
   * no process on this store, and nothing can be encrypted, until `activate`: not by a restart, nor by `Omemo.start`. What comes in
   * can still be read. Sessions, trust and the device id stay; what waits in the outbox waits on.
   *
   * It holds from the moment it is in the store; what could not be removed yet, since there was no connection or the process
   * died, is removed by `settle` and `start`.
   *
   * @throws OmemoError `own-list-unusable`, `publication-failed`; TransportError.
   */
  async deactivate(signal?: AbortSignal): Promise<void> {
    const { context } = this.#part;
    this.#part.assertOpen();
    const standing = await context.transact(async (unit) => {
      const identity = await ownIdentity(context, unit);
      if (identity.standing !== 'active') return identity.standing;
      // Before its first publication there is nothing of it to be seen.
      const { announcedAt, formerDeviceIds } = identity;
      const next = announcedAt === undefined && formerDeviceIds.length === 0 ? 'deactivated' : 'withdrawing';
      unit.put(identityRecord, context.keys.identity, { ...identity, standing: next });
      return next;
    }, signal);
    if (standing === 'withdrawing') await withdraw(context, signal);
  }

  /**
   * OMEMO is in use on this device again, after `deactivate`. Upkeep publishes the bundle and puts the device on the list; where
   * that is manual `Omemo.start` or `settle` does.
   */
  async activate(signal?: AbortSignal): Promise<void> {
    this.#part.assertOpen();
    await activate(this.#part.context, signal);
    this.#part.settleSoon();
  }
}
