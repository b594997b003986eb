import { type BareJid, bareJid, parseBundle, parseXml } from '@omemo-kit/omemo-wire';
import {
  type IdentityKeyPair,
  identityKeyPairFromScalar,
  identityKeyPairFromSeed,
  importEd25519PublicKey,
  sign,
  verify,
  type X25519KeyPair,
  x25519KeyPair,
} from '@omemo-kit/primitives';
import type { PreKeyPair, SignedPreKeyPair } from '@omemo-kit/x3dh';
import type { Comparison } from './comparison.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { Recorded } from './recorded.ts';

/** Names a recorded device everywhere: its account and its id. */
export interface Address {
  readonly jid: BareJid;
  readonly deviceId: number;
}

export function addressOf(device: Recorded): Address {
  return { jid: bareJid(device.get('jid').text()), deviceId: device.get('device_id').count() };
}

/** The identity of a device whose secrets are recorded: its seed, or the scalar when it has none. */
export function identityOf(device: Recorded): IdentityKeyPair {
  const seed = device.findSet('ik_seed');
  return seed === undefined
    ? identityKeyPairFromScalar(device.get('ik_priv').bytes())
    : identityKeyPairFromSeed(seed.bytes());
}

export function signedPreKeyOf(device: Recorded): SignedPreKeyPair {
  const recorded = device.get('spk');
  return { id: recorded.get('id').count(), keyPair: keyPairOf(recorded), signature: recorded.get('sig').bytes() };
}

export function preKeysOf(device: Recorded): PreKeyPair[] {
  return device
    .get('pks')
    .items()
    .map((recorded) => ({ id: recorded.get('id').count(), keyPair: keyPairOf(recorded) }));
}

function keyPairOf(recorded: Recorded): X25519KeyPair {
  return x25519KeyPair(recorded.get('priv').bytes());
}

/** Every recorded value of a device against what follows from its secrets, or from its public keys where it has none. */
export function checkDevice(compare: Comparison, device: Recorded): void {
  addressOf(device);
  const identityKey = importEd25519PublicKey(device.get('ik_ed25519').bytes());
  compare.value('fingerprint', fingerprintOf(identityKey), device.get('fingerprint').text());
  compare.value(
    'ik_curve25519',
    device.get('ik_curve25519').text(),
    device.get('fingerprint').text().replaceAll(' ', ''),
  );
  const spk = device.get('spk');
  const signed = { publicKey: identityKey, message: spk.get('pub').bytes(), signature: spk.get('sig').bytes() };
  if (!verify(signed)) compare.differ('spk.sig does not verify');
  if (device.has('ik_priv')) checkSecrets(compare, device);
  if (device.has('bundle_xml')) checkBundle(compare, device);
}

function checkSecrets(compare: Comparison, device: Recorded): void {
  const identityKeyPair = identityOf(device);
  compare.member(device, 'ik_ed25519', identityKeyPair.publicKey);
  compare.member(device, 'ik_curve25519', identityKeyPair.x25519.publicKey);
  compare.member(device, 'ik_priv', identityKeyPair.x25519.privateKey.expose());
  const spk = device.get('spk');
  const { keyPair } = signedPreKeyOf(device);
  compare.member(spk, 'pub', keyPair.publicKey);
  compare.member(spk, 'sig', signWithScalar(device, keyPair.publicKey));
  for (const recorded of device.get('pks').items()) {
    compare.bytes(`pre key ${recorded.get('id').count()}`, keyPairOf(recorded).publicKey, recorded.get('pub').bytes());
  }
}

/** Recorded signatures are XEdDSA with a recorded nonce, also where the identity has a seed. */
function signWithScalar(device: Recorded, message: Uint8Array): Uint8Array {
  return sign({
    identityKeyPair: identityKeyPairFromScalar(device.get('ik_priv').bytes()),
    message,
    nonce: () => device.get('spk').get('sig_nonce').bytes(),
  });
}

function checkBundle(compare: Comparison, device: Recorded): void {
  const bundle = parseBundle(parseXml(device.get('bundle_xml').text()));
  const spk = device.get('spk');
  compare.member(device, 'ik_ed25519', bundle.ik);
  compare.value('bundle spk id', bundle.spkId, spk.get('id').count());
  compare.member(spk, 'pub', bundle.spk);
  compare.member(spk, 'sig', bundle.spks);
  const preKeys = device.get('pks').items();
  compare.value('pre keys in the bundle', bundle.preKeys.length, preKeys.length);
  const published = new Map(bundle.preKeys.map(({ id, publicKey }) => [id, publicKey]));
  for (const recorded of preKeys) {
    const id = recorded.get('id').count();
    compare.bytes(`pre key ${id} in the bundle`, published.get(id), recorded.get('pub').bytes());
  }
}
