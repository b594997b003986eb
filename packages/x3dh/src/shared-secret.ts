import { concatBytes, type Ed25519PublicKey, hkdfSha256, Secret } from '@omemo-kit/primitives';

/** F of X3DH 2.2 for curve25519: 32 bytes 0xFF, so that the input never equals an encoded key. */
const PREFIX = new Uint8Array(32).fill(0xff);

/** X3DH 2.2: the salt is a zero-filled string of the hash's length. */
const ZERO_SALT = new Uint8Array(32);

/** The four Diffie-Hellman results, always all of them. */
interface AgreementSecrets {
  /** DH(IK_A, SPK_B) */
  readonly dh1: Secret;
  /** DH(EK_A, IK_B) */
  readonly dh2: Secret;
  /** DH(EK_A, SPK_B) */
  readonly dh3: Secret;
  /** DH(EK_A, OPK_B) */
  readonly dh4: Secret;
}

/** SK = KDF(DH1 || DH2 || DH3 || DH4): HKDF-SHA-256 over F and the four results, 32 bytes (X3DH 2.2 and 3.3). */
export function deriveSharedSecret(secrets: AgreementSecrets, info: Uint8Array): Secret {
  const { dh1, dh2, dh3, dh4 } = secrets;
  const inputKeyMaterial = concatBytes(PREFIX, dh1.expose(), dh2.expose(), dh3.expose(), dh4.expose());
  return new Secret(hkdfSha256({ inputKeyMaterial, salt: ZERO_SALT, info, length: 32 }));
}

/** AD = Encode(IK_A) || Encode(IK_B), 64 bytes: the initiator first, for both sides (X3DH 3.3). */
export function associatedDataOf(keys: {
  readonly initiator: Ed25519PublicKey;
  readonly recipient: Ed25519PublicKey;
}): Uint8Array {
  return concatBytes(keys.initiator, keys.recipient);
}
