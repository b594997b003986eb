import { parseBundle, parseDevices, parseXml, type WireBundle } from '@omemo-kit/omemo-wire';
import {
  type IdentityKeyPair,
  identityKeyPairFromScalar,
  identityKeyPairFromSeed,
  sign,
  type X25519KeyPair,
  x25519KeyPair,
} from '@omemo-kit/primitives';
import type { Comparison } from './comparison.ts';
import type { DeviceSecrets } from './device-records.ts';
import { fingerprintOf } from './fingerprint.ts';
import { FormatError } from './format-error.ts';
import { toHex } from './hex.ts';
import type { Recorded } from './recorded.ts';
import { addressOf } from './recorded-device.ts';
import type { ReplayedDevice } from './replayed-device.ts';

/**
 * The keys of a world's device. Its secrets are what it drew; which id each of them got, its published bundles tell.
 */
export class WorldKeys {
  readonly identityKeyPair: IdentityKeyPair;
  readonly #created: Recorded;
  readonly #drawn = new Map<string, X25519KeyPair>();
  #bundle: WireBundle;

  /** @param created the device's `create` event. */
  constructor(created: Recorded) {
    this.#created = created;
    this.identityKeyPair = identityKeyPairFromSeed(firstDraw(created, 'identity_key_seed').bytes());
    this.#remember(created);
    this.#bundle = this.#published(created) ?? fail(`${created.place} publishes no bundle`);
  }

  /** The keys at the start, for the store. */
  secrets(): DeviceSecrets {
    return {
      ...addressOf(this.#created),
      identityKeyPair: this.identityKeyPair,
      signedPreKey: this.#signedPreKey(),
      preKeys: this.#bundle.preKeys.map((preKey) => this.#preKey(preKey)),
    };
  }

  /** The recorded creation against what follows from its draws. */
  compare(compare: Comparison): void {
    const created = this.#created;
    const { publicKey, x25519 } = this.identityKeyPair;
    compare.member(created, 'ik_ed25519', publicKey);
    compare.member(created, 'ik_curve25519', x25519.publicKey);
    compare.value('fingerprint', fingerprintOf(publicKey), created.get('fingerprint').text());
    compare.value('device_id', firstDraw(created, 'device_id_minus_1').count() + 1, created.get('device_id').count());
    compare.bytes('ik of the bundle', this.#bundle.ik, publicKey);
    const signature = sign({
      identityKeyPair: identityKeyPairFromScalar(x25519.privateKey),
      message: this.#bundle.spk,
      nonce: () => firstDraw(created, 'signature_nonce').bytes(),
    });
    compare.bytes('spks of the bundle', this.#bundle.spks, signature);
    const drawn = draws(created).filter((draw) => draw.get('purpose').value === 'pre_key_priv').length;
    compare.value('pre keys in the bundle', this.#bundle.preKeys.length, drawn);
    this.secrets();
    const lists = created
      .get('publishes')
      .items()
      .filter((one) => one.get('do').value === 'publish_device_list');
    const listed = lists.some((list) =>
      parseDevices(parseXml(list.get('xml').text())).some(({ id }) => id === created.get('device_id').count()),
    );
    compare.value('on the published device list', listed, true);
  }

  /** The device may have published a new bundle in this event: its store has those keys from here on. */
  async follow(device: ReplayedDevice, event: Recorded): Promise<void> {
    this.#remember(event);
    const bundle = this.#published(event);
    if (bundle === undefined) return;
    const before = this.#bundle;
    this.#bundle = bundle;
    if (bundle.spkId !== before.spkId) await device.records.rotateSignedPreKey(this.#signedPreKey());
    const has = ({ preKeys }: WireBundle, id: number) => preKeys.some((preKey) => preKey.id === id);
    await device.records.changePreKeys({
      remove: before.preKeys.map(({ id }) => id).filter((id) => !has(bundle, id)),
      add: bundle.preKeys.filter(({ id }) => !has(before, id)).map((preKey) => this.#preKey(preKey)),
    });
  }

  #remember(event: Recorded): void {
    for (const draw of draws(event)) {
      const purpose = draw.get('purpose').text();
      if (purpose !== 'pre_key_priv' && purpose !== 'signed_pre_key_priv') continue;
      const keyPair = x25519KeyPair(draw.get('value').bytes());
      this.#drawn.set(toHex(keyPair.publicKey), keyPair);
    }
  }

  #published(event: Recorded): WireBundle | undefined {
    const { jid, deviceId } = addressOf(this.#created);
    const own = (event.find('publishes')?.items() ?? [])
      .filter((published) => published.get('do').value === 'publish_bundle')
      .filter((published) => published.get('jid').value === jid && published.get('device_id').value === deviceId)
      .at(-1);
    return own && parseBundle(parseXml(own.get('xml').text()));
  }

  #signedPreKey() {
    const { spkId: id, spk, spks: signature } = this.#bundle;
    return { id, keyPair: this.#keyPair(spk), signature };
  }

  #preKey({ id, publicKey }: { readonly id: number; readonly publicKey: Uint8Array }) {
    return { id, keyPair: this.#keyPair(publicKey) };
  }

  #keyPair(publicKey: Uint8Array): X25519KeyPair {
    return this.#drawn.get(toHex(publicKey)) ?? fail(`no draw makes the published key ${toHex(publicKey)}`);
  }
}

function draws(event: Recorded): Recorded[] {
  return event.find('draws')?.items() ?? [];
}

function firstDraw(event: Recorded, purpose: string): Recorded {
  const draw = draws(event).find((one) => one.get('purpose').value === purpose);
  return draw?.get('value') ?? fail(`${event.place} draws no ${purpose}`);
}

function fail(what: string): never {
  throw new FormatError(what);
}
