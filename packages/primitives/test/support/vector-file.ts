import { readFileSync } from 'node:fs';

export interface IdentityCase {
  readonly seed: string;
  readonly scalar: string;
  readonly ed25519: string;
  readonly curve25519: string;
  readonly sign_bit: 0 | 1;
  readonly curve_to_ed_sign_0: string;
  readonly curve_to_ed_sign_1: string;
}

export interface SignatureCase {
  readonly seed: string;
  readonly scalar: string;
  readonly ed25519: string;
  readonly message: string;
  readonly nonce: string;
  readonly seed_signature: string;
  readonly scalar_signature: string;
  readonly verify: readonly {
    readonly what: string;
    readonly signature: string;
    readonly key: string;
    readonly message: string;
    readonly valid: boolean;
  }[];
}

export interface LabelCase {
  readonly label: string;
  readonly ed25519: string;
  readonly labelsig: string;
  readonly valid: boolean;
  readonly bad_labelsig: string;
  readonly bad_valid: boolean;
}

export type PointCase =
  | {
      readonly kind: 'ed25519';
      readonly what: string;
      readonly bytes: string;
      readonly expect: 'accept' | 'refuse';
      readonly to_curve25519?: string;
    }
  | {
      readonly kind: 'x25519';
      readonly what: string;
      readonly bytes: string;
      readonly scalar: string;
      readonly expect: 'accept' | 'refuse' | 'either';
      readonly shared?: string;
    };

export interface RfcVectors {
  readonly rfc7748: {
    readonly x25519: readonly { readonly scalar: string; readonly u: string; readonly out: string }[];
    readonly iterated: Readonly<Record<'1' | '1000', string>>;
  };
  readonly rfc8032: readonly { readonly sk: string; readonly pk: string; readonly msg: string; readonly sig: string }[];
  readonly rfc5869: readonly {
    readonly ikm: string;
    readonly salt: string;
    readonly info: string;
    readonly L: number;
    readonly okm: string;
  }[];
  readonly rfc4231: readonly { readonly key: string; readonly data: string; readonly mac: string }[];
}

function read(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../vectors/data/${name}.json`, import.meta.url), 'utf8'));
}

export function vectorCases(name: 'identities'): readonly IdentityCase[];
export function vectorCases(name: 'signatures'): readonly SignatureCase[];
export function vectorCases(name: 'labels'): readonly LabelCase[];
export function vectorCases(name: 'points'): readonly PointCase[];
export function vectorCases(name: string): unknown {
  return (read(name) as { cases: unknown }).cases;
}

export function rfcVectors(): RfcVectors {
  return read('rfc') as RfcVectors;
}
