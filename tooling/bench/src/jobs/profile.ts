import type { RatchetParameters } from '@omemo-kit/double-ratchet';
import { randomBytes } from '@omemo-kit/primitives';

const utf8 = new TextEncoder();

/** The constants of OMEMO 2 (XEP-0384 4.1, 4.3) and the limits of omemo-core. */
export const agreementInfo: Uint8Array = utf8.encode('OMEMO X3DH');
export const parameters: RatchetParameters = {
  rootKeyInfo: utf8.encode('OMEMO Root Chain'),
  maxSkip: 1000,
  maxStoredSkipped: 1000,
};

/** What the ratchet carries: payload key and payload tag (XEP-0384 4.4). */
export function keyMaterial(): Uint8Array {
  return randomBytes(48);
}
