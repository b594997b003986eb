import type { Secret } from '@omemo-kit/primitives';
import type { RatchetHeader } from './ratchet-header.ts';

/**
 * ENCRYPT and DECRYPT of the paper. The header is handed over as a value, not as bytes: the protocol decides how it
 * is written down, and may put the ciphertext into the same structure before it authenticates the whole.
 *
 * Both must authenticate `associatedData` and every field of `header`. A message key is used for one message only,
 * so a fixed nonce, or one derived from the key, is safe.
 */
export interface Aead {
  seal(input: {
    /** mk, 32 bytes. */
    readonly messageKey: Secret;
    readonly header: RatchetHeader;
    readonly plaintext: Uint8Array;
    readonly associatedData: Uint8Array;
  }): Uint8Array;

  /** Returns the plaintext, or throws (anything) when the message is not authentic. */
  open(input: {
    /** mk, 32 bytes. */
    readonly messageKey: Secret;
    readonly header: RatchetHeader;
    readonly message: Uint8Array;
    readonly associatedData: Uint8Array;
  }): Uint8Array;
}
