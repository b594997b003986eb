import type { TwomemoEffect } from './effects.ts';

/**
 * Where a device reads what accounts have published. `undefined` says that there is no such thing. When the promise
 * rejects, python-omemo sees a failed download.
 */
export interface PublicationSource {
  /** XML of the device list of an account (bare JID), or of anything around its `<devices/>`. */
  devices(jid: string): Promise<string | undefined>;
  /** XML of one bundle, or of anything around its `<bundle/>`. */
  bundle(jid: string, deviceId: number): Promise<string | undefined>;
}

/** Published lists and bundles in memory: what a pubsub server would hold, for tests that have none. */
export class Publications implements PublicationSource {
  readonly #devices = new Map<string, string>();
  readonly #bundles = new Map<string, string>();

  putDevices(jid: string, xml: string): void {
    this.#devices.set(jid, xml);
  }

  putBundle(jid: string, deviceId: number, xml: string): void {
    this.#bundles.set(bundleKey(jid, deviceId), xml);
  }

  removeBundle(jid: string, deviceId: number): void {
    this.#bundles.delete(bundleKey(jid, deviceId));
  }

  /** Takes in what devices published. Sends are none of its business. */
  apply(effects: readonly TwomemoEffect[]): void {
    for (const effect of effects) {
      if (effect.type === 'publish-devices') this.putDevices(effect.jid, effect.xml);
      else if (effect.type === 'publish-bundle') this.putBundle(effect.jid, effect.deviceId, effect.xml);
      else if (effect.type === 'retract-bundle') this.removeBundle(effect.jid, effect.deviceId);
    }
  }

  async devices(jid: string): Promise<string | undefined> {
    return this.#devices.get(jid);
  }

  async bundle(jid: string, deviceId: number): Promise<string | undefined> {
    return this.#bundles.get(bundleKey(jid, deviceId));
  }
}

function bundleKey(jid: string, deviceId: number): string {
  return `${deviceId} ${jid}`;
}
