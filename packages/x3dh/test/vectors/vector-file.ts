import { readFileSync } from 'node:fs';
import { type IdentityKeyPair, identityKeyPairFromScalar, identityKeyPairFromSeed } from '@omemo-kit/primitives';
import { unhex } from '../hex.ts';

export interface RecordedDevice {
  readonly ik_seed: string | null;
  readonly ik_priv: string;
  readonly ik_ed25519: string;
  readonly spk: {
    readonly id: number;
    readonly pub: string;
    readonly priv: string;
    readonly sig: string;
    readonly sig_nonce: string;
  };
  readonly pks: readonly { readonly id: number; readonly pub: string; readonly priv: string }[];
}

export interface RecordedAgreement {
  readonly alice: RecordedDevice;
  readonly bob: RecordedDevice;
  readonly ek_priv: string;
  readonly ek: string;
  readonly pk_id: number;
  readonly pk: string;
  readonly spk_id: number;
  readonly spk: string;
  readonly shared_secret: string;
  readonly associated_data: string;
  readonly info: string;
}

export interface RecordedBundle {
  readonly what: string;
  readonly ik_ed25519: string;
  readonly spk: string;
  readonly spk_sig: string;
  readonly pks: readonly (readonly [id: number, pub: string])[];
  readonly expect: 'accept' | 'refuse';
}

/** The cases of `data/<name>.json`, recorded with python-omemo. */
export function readCases<Case>(name: string): readonly Case[] {
  const text = readFileSync(new URL(`data/${name}.json`, import.meta.url), 'utf8');
  return (JSON.parse(text) as { readonly cases: readonly Case[] }).cases;
}

export function identityOf(device: RecordedDevice): IdentityKeyPair {
  return device.ik_seed === null
    ? identityKeyPairFromScalar(unhex(device.ik_priv))
    : identityKeyPairFromSeed(unhex(device.ik_seed));
}
