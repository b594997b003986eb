import { type Ed25519PublicKey, ed25519ToX25519 } from '@omemo-kit/primitives';
import { toHex } from './hex.ts';

/** The eight groups of eight digits that people compare (XEP-0384 section 8), joined by spaces. */
export function fingerprintOf(identityKey: Ed25519PublicKey): string {
  return (toHex(ed25519ToX25519(identityKey)).match(/.{8}/g) ?? []).join(' ');
}
