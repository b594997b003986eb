import { type Ed25519PublicKey, ed25519ToX25519 } from '@omemo-kit/primitives';
import { toHex } from '../records/bytes.ts';

/**
 * What people compare: the identity key in its Curve25519 form as eight groups of eight lowercase hex digits
 * (XEP-0384 section 8, R128-R130). Two Ed25519 keys that differ in the sign bit only share it, which is why trust goes by the
 * Ed25519 bytes and not by this (S06).
 *
 * @param form `ed25519`: as Kaidan and Converse show it (X42), for people who compare with those.
 */
export function fingerprint(
  identityKey: Ed25519PublicKey,
  form: 'curve25519' | 'ed25519' = 'curve25519',
): readonly string[] {
  return toHex(form === 'ed25519' ? identityKey : ed25519ToX25519(identityKey)).match(/.{8}/g) ?? [];
}
