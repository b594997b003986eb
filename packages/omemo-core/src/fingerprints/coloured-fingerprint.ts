import type { Ed25519PublicKey } from '@omemo-kit/primitives';
import { fingerprint } from '../trust/fingerprint.ts';
import { consistentColour } from './consistent-colour.ts';
import type { Rgb } from './hsluv.ts';

/** Eight hex digits of a fingerprint. */
export interface FingerprintGroup {
  readonly digits: string;
  /** The colour of these digits in every client. */
  readonly colour: Rgb;
}

export interface FingerprintStyle {
  /** Default `curve25519`, which is what XEP-0384 section 8 asks for. */
  readonly form?: 'curve25519' | 'ed25519';
  /** L* of CIELUV, 0 to 100, that the background calls for. Default 50. */
  readonly lightness?: number;
}

/**
 * A fingerprint for people to compare: eight groups of eight lowercase hex digits, "each coloured" by Consistent Color
 * Generation, the digits being its input (XEP-0384 section 8, XEP-0392).
 */
export function colouredFingerprint(
  identityKey: Ed25519PublicKey,
  { form, lightness }: FingerprintStyle = {},
): readonly FingerprintGroup[] {
  const style = lightness === undefined ? {} : { lightness };
  return fingerprint(identityKey, form).map((digits) => ({ digits, colour: consistentColour(digits, style) }));
}
