import { omemo2 } from '@omemo-kit/omemo-core';
import { decodeKeyExchange } from '@omemo-kit/omemo-wire';
import type { IdentityKeyPair } from '@omemo-kit/primitives';
import {
  type Acceptance,
  accept,
  importKeyExchangeHeader,
  type PreKeyPair,
  type SignedPreKeyPair,
} from '@omemo-kit/x3dh';
import type { DeviceSecrets } from './device-records.ts';
import { FormatError } from './format-error.ts';
import type { Recorded } from './recorded.ts';
import { addressOf, identityOf, preKeysOf, signedPreKeyOf } from './recorded-device.ts';
import type { ReplayedDevice } from './replayed-device.ts';

/** The recorded keys of the device that we are, as its bundle changes. */
export class OwnKeys {
  readonly identityKeyPair: IdentityKeyPair;
  readonly #signedPreKeys: SignedPreKeyPair[];
  #preKeys: readonly PreKeyPair[];
  readonly #secrets: DeviceSecrets;

  constructor(device: Recorded) {
    this.identityKeyPair = identityOf(device);
    this.#signedPreKeys = [signedPreKeyOf(device)];
    this.#preKeys = preKeysOf(device);
    this.#secrets = {
      ...addressOf(device),
      identityKeyPair: this.identityKeyPair,
      signedPreKey: signedPreKeyOf(device),
      preKeys: this.#preKeys,
    };
  }

  /** The keys at the start, for the store. */
  get secrets(): DeviceSecrets {
    return this.#secrets;
  }

  /** The device has a new bundle: a rotated signed pre-key, pre-keys deleted and made. */
  async change(device: ReplayedDevice, recorded: Recorded): Promise<void> {
    const signedPreKey = signedPreKeyOf(recorded);
    if (this.#signedPreKeys.at(-1)?.id !== signedPreKey.id) {
      this.#signedPreKeys.push(signedPreKey);
      await device.records.rotateSignedPreKey(signedPreKey);
    }
    const preKeys = preKeysOf(recorded);
    const [before, after] = [new Set(this.#preKeys.map(idOf)), new Set(preKeys.map(idOf))];
    this.#preKeys = preKeys;
    await device.records.changePreKeys({
      remove: [...before].filter((id) => !after.has(id)),
      add: preKeys.filter(({ id }) => !before.has(id)),
    });
  }

  /** The key agreement of a received OMEMOKeyExchange, made beside the device. */
  accept(wire: Uint8Array): Acceptance {
    const { ik, ek, spkId, pkId } = decodeKeyExchange(wire);
    const signedPreKey = this.#signedPreKeys.find(({ id }) => id === spkId);
    const preKey = this.#preKeys.find(({ id }) => id === pkId);
    if (signedPreKey === undefined || preKey === undefined) {
      throw new FormatError(`the device has no signed pre key ${spkId} or no pre key ${pkId}`);
    }
    const raw = { identityKey: ik, ephemeralKey: ek, signedPreKeyId: spkId, preKeyId: pkId };
    const { identityKeyPair } = this;
    return accept({
      ...{ identityKeyPair, signedPreKey, preKey },
      header: importKeyExchangeHeader(raw),
      info: omemo2.keyExchangeInfo,
    });
  }
}

function idOf({ id }: { readonly id: number }): number {
  return id;
}
