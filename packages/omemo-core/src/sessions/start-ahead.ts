import type { RatchetRandomness } from '@omemo-kit/double-ratchet';
import { type Curve, ed25519ToX25519, Secret } from '@omemo-kit/primitives';
import { type CurveAhead, computeAhead } from '@omemo-kit/primitives/ahead';
import type { InitiatorRandomness, VerifiedBundle } from '@omemo-kit/x3dh';
import type { SessionContext } from './step.ts';

/** What starting one session draws and computes on the curve, ready before the step that starts it. For one session only. */
export interface PreparedStart {
  readonly randomness: InitiatorRandomness & RatchetRandomness;
  readonly curve: Curve;
}

/**
 * Draws what the start of a session needs, at once, and computes on the curve ahead of it what X3DH and the first turn of the ratchet
 * will ask for. The step is the judge of all that: it computes what it does not find.
 *
 * @returns undefined where the platform is quick enough for the step to compute it.
 */
export function prepareStart(context: SessionContext, bundle: VerifiedBundle): Promise<PreparedStart> | undefined {
  const ahead = computeAhead();
  return ahead === undefined ? undefined : prepared(ahead, context, bundle);
}

async function prepared(
  ahead: CurveAhead,
  { identityKeyPair, randomness }: SessionContext,
  bundle: VerifiedBundle,
): Promise<PreparedStart> {
  // In the order in which the step draws.
  const preKey = randomness.choosePreKey(bundle.preKeys);
  const ephemeralKey = new Secret(randomness.ephemeralKey());
  const ratchetKey = new Secret(randomness.ratchetKey());
  const signedPreKey = bundle.signedPreKey.publicKey;
  await Promise.all([
    ahead.keyPair(ephemeralKey),
    ahead.keyPair(ratchetKey),
    ahead.agreement(identityKeyPair.x25519.privateKey, signedPreKey),
    ahead.agreement(ephemeralKey, ed25519ToX25519(bundle.identityKey)),
    ahead.agreement(ephemeralKey, signedPreKey),
    ahead.agreement(ephemeralKey, preKey.publicKey),
    ahead.agreement(ratchetKey, signedPreKey),
  ]);
  return {
    randomness: {
      choosePreKey: () => preKey,
      ephemeralKey: () => ephemeralKey.expose(),
      ratchetKey: () => ratchetKey.expose(),
    },
    curve: ahead.curve,
  };
}
