import { ed25519ToX25519, type IdentityKeyPair, type Secret, x25519 } from '@omemo-kit/primitives';
import type { KeyExchangeHeader } from './key-exchange-header.ts';
import type { PreKeyPair, SignedPreKeyPair } from './pre-keys.ts';
import { refuseAs } from './refuse-as.ts';
import { associatedDataOf, deriveSharedSecret } from './shared-secret.ts';
import { X3dhError } from './x3dh-error.ts';

/** The recipient's half of a key agreement. */
export interface Acceptance {
  /** SK, 32 bytes. */
  readonly sharedSecret: Secret;
  /** AD, 64 bytes: Ed25519 identity key of the initiator, then of the recipient. */
  readonly associatedData: Uint8Array;
}

/**
 * X3DH 3.4, receiving: computes SK and AD from the header of a key exchange and the two own keys that it names.
 *
 * The result is not authenticated yet: only the first message that opens under SK shows that the sender holds the
 * identity key. Keep the pre-key, and change nothing in storage, until then; afterwards delete the pre-key.
 *
 * @throws {X3dhError} `pre-key-mismatch` when an id of the header is not the id of the key given (a missing pre-key
 *   included: there is no agreement without one); `invalid-identity-key` or `invalid-ephemeral-key` when that key
 *   has small order.
 */
export function accept(options: {
  readonly identityKeyPair: IdentityKeyPair;
  readonly signedPreKey: SignedPreKeyPair;
  readonly preKey: PreKeyPair;
  readonly header: KeyExchangeHeader;
  readonly info: Uint8Array;
}): Acceptance {
  const { identityKeyPair, signedPreKey, preKey, header, info } = options;
  requireNamed({ signedPreKey, preKey, header });
  const { identityKey, ephemeralKey } = header;
  const secretWithEphemeral = (own: Secret) => refuseAs('invalid-ephemeral-key', () => x25519(own, ephemeralKey));
  const sharedSecret = deriveSharedSecret(
    {
      dh1: refuseAs('invalid-identity-key', () =>
        x25519(signedPreKey.keyPair.privateKey, ed25519ToX25519(identityKey)),
      ),
      dh2: secretWithEphemeral(identityKeyPair.x25519.privateKey),
      dh3: secretWithEphemeral(signedPreKey.keyPair.privateKey),
      dh4: secretWithEphemeral(preKey.keyPair.privateKey),
    },
    info,
  );
  return {
    sharedSecret,
    associatedData: associatedDataOf({ initiator: identityKey, recipient: identityKeyPair.publicKey }),
  };
}

/** The caller looked both keys up by ids of the peer: in plain JavaScript an unknown id can arrive here as undefined. */
function requireNamed(keys: {
  readonly signedPreKey: SignedPreKeyPair | undefined;
  readonly preKey: PreKeyPair | undefined;
  readonly header: KeyExchangeHeader;
}): void {
  const { signedPreKey, preKey, header } = keys;
  const named =
    preKey !== undefined &&
    signedPreKey !== undefined &&
    preKey.id === header.preKeyId &&
    signedPreKey.id === header.signedPreKeyId;
  if (!named) {
    throw new X3dhError('pre-key-mismatch', {
      details: { preKeyId: header.preKeyId, signedPreKeyId: header.signedPreKeyId },
    });
  }
}
