import type { Curve, Ed25519PublicKey } from '@omemo-kit/primitives';
import { computeAhead } from '@omemo-kit/primitives/ahead';
import type { Bundle } from '@omemo-kit/x3dh';
import { sameBytes } from '../records/bytes.ts';

/**
 * Computes ahead what `verifyBundle` will ask of the curve, for a bundle that nobody has looked at yet.
 *
 * @returns what finds it; undefined where the platform is quick enough for `verifyBundle` to compute it.
 */
export async function checkAhead(bundle: Bundle, known: Ed25519PublicKey | undefined): Promise<Curve | undefined> {
  const ahead = computeAhead();
  if (ahead === undefined) return undefined;
  const { identityKey, signedPreKey } = bundle;
  if (known === undefined || !sameBytes(known, identityKey)) await ahead.identityKey(identityKey);
  const { publicKey: message, signature } = signedPreKey;
  await ahead.signature({ publicKey: identityKey, message, signature });
  return ahead.curve;
}
