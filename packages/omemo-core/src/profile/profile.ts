import type { Aead, RatchetParameters } from '@omemo-kit/double-ratchet';

/**
 * One version of the OMEMO protocol: every constant and byte layout that sessions, device lists and messages need. The
 * rest of omemo-core goes through this interface, so that another version is another profile.
 */
export interface ProtocolProfile {
  /** XML namespace, and what tells the versions apart in hashes. */
  readonly namespace: string;
  readonly devicesNode: string;
  readonly bundlesNode: string;
  /** X3DH's info string. */
  readonly keyExchangeInfo: Uint8Array;
  /** Info of KDF_RK, and the limits on skipped message keys. */
  ratchetParameters(limits: { readonly maxSkip: number; readonly maxStoredSkipped: number }): RatchetParameters;
  /** ENCRYPT and DECRYPT of the Double Ratchet with this version's message layout. */
  readonly messageAead: Aead;
  sealPayload(input: { readonly key: Uint8Array; readonly plaintext: Uint8Array }): SealedPayload;
  openPayload(input: { readonly keyMaterial: Uint8Array; readonly ciphertext: Uint8Array }): Uint8Array;
  /** What the ratchet carries in a message without payload. */
  readonly emptyKeyMaterial: Uint8Array;
}

export interface SealedPayload {
  readonly ciphertext: Uint8Array;
  /** What the ratchet carries to each device: payload key and payload tag. */
  readonly keyMaterial: Uint8Array;
}
