import { type Ed25519PublicKey, importX25519PublicKey, type X25519PublicKey } from '@omemo-kit/primitives';
import { importIdentityKey } from './bundle.ts';
import { refuseAs } from './refuse-as.ts';

/** What the recipient needs to compute the same secret (X3DH 3.3); travels with the first messages. */
export interface KeyExchangeHeader {
  /** IK of the initiator, Ed25519 form. */
  readonly identityKey: Ed25519PublicKey;
  /** EK of the initiator. */
  readonly ephemeralKey: X25519PublicKey;
  /** Which SPK of the recipient was used. */
  readonly signedPreKeyId: number;
  /** Which OPK of the recipient was used: there is always one. */
  readonly preKeyId: number;
}

/** The same four values as they came from the network. */
export interface RawKeyExchangeHeader {
  /** 32 bytes. */
  readonly identityKey: Uint8Array;
  /** 32 bytes. */
  readonly ephemeralKey: Uint8Array;
  readonly signedPreKeyId: number;
  readonly preKeyId: number;
}

/**
 * Imports the keys of a received key exchange. An ephemeral key with its high bit set or u >= p is refused: X25519
 * would read it as another encoding of the same key, and a replay could pass for something new.
 *
 * @param known an identity key imported before; equal bytes skip the costly check of the point.
 * @throws {X3dhError} `invalid-identity-key` or `invalid-ephemeral-key`.
 */
export function importKeyExchangeHeader(raw: RawKeyExchangeHeader, known?: Ed25519PublicKey): KeyExchangeHeader {
  return {
    identityKey: importIdentityKey(raw.identityKey, known),
    ephemeralKey: refuseAs('invalid-ephemeral-key', () => importX25519PublicKey(raw.ephemeralKey)),
    signedPreKeyId: raw.signedPreKeyId,
    preKeyId: raw.preKeyId,
  };
}
