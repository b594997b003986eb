import type { BareJid } from '@omemo-kit/omemo-wire';
import { inSlice } from '@omemo-kit/primitives/ahead';
import { sameBytes } from '../records/bytes.ts';
import { isStale } from '../sessions/stale.ts';
import { type PreparedStart, prepareStart } from '../sessions/start-ahead.ts';
import type { SessionContext } from '../sessions/step.ts';
import { addressKey } from './addresses.ts';
import { type DeviceKey, keyForDevice, startsFrom } from './device-key.ts';
import type { Gathered } from './gathered.ts';
import type { Recipient } from './recipients.ts';
import type { SkippedDevice } from './unreached-devices.ts';

/** The keys of one message, remembered over the attempts to commit it. */
export class DeviceKeys {
  readonly #keyMaterial: Uint8Array;
  readonly #gathered: Gathered;
  readonly #computed = new Map<string, { readonly recipient: Recipient; readonly key: DeviceKey }>();

  constructor(keyMaterial: Uint8Array, gathered: Gathered) {
    this.#keyMaterial = keyMaterial;
    this.#gathered = gathered;
  }

  /** Encrypts to each device that may have the message, again only where its sessions are not those of last time. */
  async compute(
    context: SessionContext,
    /** `required`: accounts of which at least one device is to be reached. */
    { recipients, required }: { readonly recipients: readonly Recipient[]; readonly required: readonly BareJid[] },
  ) {
    const reached: DeviceKey[] = [];
    const skipped: SkippedDevice[] = [];
    const silent: Recipient[] = [];
    for (const recipient of recipients) {
      const { jid, deviceId, trust } = recipient;
      if (trust !== 'distrusted' && isStale(recipient.set, context.limits)) {
        silent.push(recipient);
        continue;
      }
      const key = trust === 'distrusted' ? undefined : await this.#keyFor(context, recipient);
      if (key !== undefined) reached.push(key);
      else if (trust === 'distrusted') skipped.push({ jid, deviceId, reason: 'distrusted' });
      else
        skipped.push({ jid, deviceId, reason: 'no-bundle', cause: this.#gathered.failures.get(addressKey(recipient)) });
    }
    // A device that is gone gets nothing (X50), but an account whose devices are all silent is still written to.
    const heard = new Set(reached.map(({ jid }) => jid));
    for (const recipient of silent) {
      const { jid, deviceId } = recipient;
      const needed = required.includes(jid) && !heard.has(jid);
      const key = needed ? await this.#keyFor(context, recipient) : undefined;
      if (key === undefined) skipped.push({ jid, deviceId, reason: 'stale' });
      else reached.push(key);
    }
    return { reached, skipped };
  }

  /** No promise where none is needed: a thousand of them are a page of work for the collector. */
  #keyFor(context: SessionContext, recipient: Recipient): DeviceKey | undefined | Promise<DeviceKey | undefined> {
    const address = addressKey(recipient);
    const before = this.#computed.get(address);
    if (before !== undefined && sameState(before.recipient, recipient)) return before.key;
    const bundle = this.#gathered.bundles.get(address);
    const startFrom = startsFrom(recipient, bundle);
    const compute = (start?: PreparedStart) =>
      inSlice(() => {
        const key = keyForDevice(context, recipient, { bundle, keyMaterial: this.#keyMaterial, start });
        if (key !== undefined) this.#computed.set(address, { recipient, key });
        return key;
      });
    // Of this attempt alone: another one draws anew.
    const prepared = startFrom && prepareStart(context, startFrom);
    return prepared === undefined ? compute() : prepared.then(compute);
  }
}

function sameState(a: Recipient, b: Recipient): boolean {
  return sameOrNone(a.revision, b.revision) && sameOrNone(a.identityKey, b.identityKey);
}

function sameOrNone(a: Uint8Array | null | undefined, b: Uint8Array | null | undefined): boolean {
  return a && b ? sameBytes(a, b) : !a && !b;
}
