import { type Ed25519PublicKey, ed25519ToX25519 } from '@omemo-kit/primitives';
import { toHex } from '../records/bytes.ts';

/**
 * What people compare: the identity key in its Curve25519 form as eight groups of eight lowercase hex digits
 * (XEP-0384 section 8). Two Ed25519 keys that differ in the sign bit only share it, which is why trust goes by the
 * Ed25519 bytes and not by this (S06).
 */
export function fingerprint(identityKey: Ed25519PublicKey): readonly string[] {
  return toHex(ed25519ToX25519(identityKey)).match(/.{8}/g) ?? [];
}
