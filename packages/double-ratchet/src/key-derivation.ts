import { hkdfSha256Keys, hmacSha256, Secret } from '@omemo-kit/primitives';

const MESSAGE_KEY_CONSTANT = Uint8Array.of(0x01);
const CHAIN_KEY_CONSTANT = Uint8Array.of(0x02);
const LENGTHS = [32, 32];

/** KDF_RK(rk, dh_out): HKDF-SHA-256 with salt rk, 64 bytes: the next root key, then a chain key (paper 5.2). */
export function deriveRootKey(options: {
  /** rk, 32 bytes. */
  readonly rootKey: Secret;
  /** dh_out, 32 bytes. */
  readonly sharedSecret: Secret;
  readonly info: Uint8Array;
}): { readonly rootKey: Secret; readonly chainKey: Secret } {
  const { rootKey, sharedSecret, info } = options;
  const keys = hkdfSha256Keys({ inputKeyMaterial: sharedSecret, salt: rootKey, info, lengths: LENGTHS });
  const [nextRootKey, chainKey] = keys as [Uint8Array, Uint8Array];
  return { rootKey: new Secret(nextRootKey, 'taken'), chainKey: new Secret(chainKey, 'taken') };
}

/** KDF_CK(ck): mk = HMAC-SHA-256(ck, 0x01), 32 bytes, without the next chain key, for the last message of a chain (paper 5.2). */
export function deriveMessageKey(chainKey: Secret): Secret {
  return new Secret(hmacSha256(chainKey, MESSAGE_KEY_CONSTANT), 'taken');
}

/**
 * KDF_CK(ck): mk, and the next chain key HMAC-SHA-256(ck, 0x02) (paper 5.2). Both at once, because the second HMAC with a key takes
 * half as many compressions as the first: 24 of SHA-256 for a message instead of 26.
 */
export function deriveChainKeys(chainKey: Secret): { readonly messageKey: Secret; readonly chainKey: Secret } {
  return {
    messageKey: deriveMessageKey(chainKey),
    chainKey: new Secret(hmacSha256(chainKey, CHAIN_KEY_CONSTANT), 'taken'),
  };
}
