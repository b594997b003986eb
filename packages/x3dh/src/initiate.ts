import {
  type Curve,
  ed25519ToX25519,
  type IdentityKeyPair,
  importX25519PublicKey,
  type Secret,
  type X25519PublicKey,
} from '@omemo-kit/primitives';
import { type PreKey, requireVerified, type VerifiedBundle } from './bundle.ts';
import type { KeyExchangeHeader } from './key-exchange-header.ts';
import { platformCurve } from './platform-curve.ts';
import { type InitiatorRandomness, systemRandomness } from './randomness.ts';
import { refuseAs } from './refuse-as.ts';
import { associatedDataOf, deriveSharedSecret } from './shared-secret.ts';
import { X3dhError } from './x3dh-error.ts';

/** The initiator's half of a key agreement. */
export interface Initiation {
  /** SK, 32 bytes. */
  readonly sharedSecret: Secret;
  /** AD, 64 bytes: Ed25519 identity key of the initiator, then of the recipient. */
  readonly associatedData: Uint8Array;
  /** To be sent to the recipient. */
  readonly header: KeyExchangeHeader;
  /** SPK of the recipient, which a Double Ratchet takes as the recipient's first ratchet key. */
  readonly signedPreKey: X25519PublicKey;
  /** OPK of the recipient that was chosen. */
  readonly preKey: X25519PublicKey;
}

/**
 * X3DH 3.3, sending: chooses one pre-key of the bundle, draws an ephemeral key and computes SK and AD.
 *
 * @param options.info names the application and keeps its secrets apart from those of others (X3DH 2.1).
 * @param options.curve computes the same as `@omemo-kit/primitives`, its default; or has computed it ahead.
 * @throws {X3dhError} `invalid-identity-key`, `invalid-signed-pre-key` or `invalid-pre-key` when that key of the
 *   bundle has small order; `unverified-bundle`; `invalid-argument` when `choosePreKey` answers with a key that is
 *   not in the bundle.
 */
export function initiate(options: {
  readonly identityKeyPair: IdentityKeyPair;
  readonly bundle: VerifiedBundle;
  readonly info: Uint8Array;
  readonly randomness?: InitiatorRandomness | undefined;
  readonly curve?: Curve | undefined;
}): Initiation {
  const { identityKeyPair, bundle, info, randomness = systemRandomness, curve = platformCurve } = options;
  const { x25519, x25519KeyPair } = curve;
  requireVerified(bundle);
  const chosen = choosePreKey(bundle, randomness);
  const preKey = refuseAs('invalid-pre-key', () => importX25519PublicKey(chosen.publicKey));
  const signedPreKey = bundle.signedPreKey.publicKey;
  const ephemeralKey = x25519KeyPair(randomness.ephemeralKey());
  const own = identityKeyPair.x25519.privateKey;
  const sharedSecret = deriveSharedSecret(
    {
      dh1: refuseAs('invalid-signed-pre-key', () => x25519(own, signedPreKey)),
      dh2: refuseAs('invalid-identity-key', () => x25519(ephemeralKey.privateKey, ed25519ToX25519(bundle.identityKey))),
      dh3: refuseAs('invalid-signed-pre-key', () => x25519(ephemeralKey.privateKey, signedPreKey)),
      dh4: refuseAs('invalid-pre-key', () => x25519(ephemeralKey.privateKey, preKey)),
    },
    info,
  );
  return {
    sharedSecret,
    associatedData: associatedDataOf({ initiator: identityKeyPair.publicKey, recipient: bundle.identityKey }),
    header: {
      identityKey: identityKeyPair.publicKey,
      ephemeralKey: ephemeralKey.publicKey,
      signedPreKeyId: bundle.signedPreKey.id,
      preKeyId: chosen.id,
    },
    signedPreKey,
    preKey,
  };
}

function choosePreKey(bundle: VerifiedBundle, randomness: InitiatorRandomness): PreKey {
  const chosen = randomness.choosePreKey(bundle.preKeys);
  if (!bundle.preKeys.includes(chosen)) {
    throw new X3dhError('invalid-argument', { details: { argument: 'randomness.choosePreKey' } });
  }
  return chosen;
}
