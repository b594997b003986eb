import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { assertBytes, assertLength } from './byte-checks.ts';
import { PrimitivesError } from './primitives-error.ts';
import { exposed, type Secret } from './secret.ts';

const KEY = 32;
const NONCE = 24;
const TAG = 16;

/**
 * AEAD_XChaCha20_Poly1305 (draft-irtf-cfrg-xchacha-03 2.2). Its nonce is long enough to be drawn at random for every message, so
 * nothing has to count.
 * @param options key: 32 bytes; nonce: 24 bytes, never the same twice under one key; associatedData: authenticated, not encrypted
 * @returns the ciphertext and the 16-byte tag after it
 * @throws PrimitivesError `invalid-length`, `invalid-argument`
 */
export function xchacha20Poly1305Seal(options: {
  readonly key: Uint8Array | Secret;
  readonly nonce: Uint8Array;
  readonly plaintext: Uint8Array;
  readonly associatedData: Uint8Array;
}): Uint8Array {
  const { key, nonce, plaintext, associatedData } = checked(options);
  assertBytes(plaintext, 'plaintext');
  return xchacha20poly1305(key, nonce, associatedData).encrypt(plaintext);
}

/**
 * Opens what `xchacha20Poly1305Seal` made. The tag is compared before anything is decrypted.
 * @throws PrimitivesError `not-authentic`, in one text, for whatever does not fit: another key, nonce or associated data, a changed,
 *   shortened or foreign ciphertext; `invalid-length`, `invalid-argument` for what no sealing could have been given
 */
export function xchacha20Poly1305Open(options: {
  readonly key: Uint8Array | Secret;
  readonly nonce: Uint8Array;
  readonly ciphertext: Uint8Array;
  readonly associatedData: Uint8Array;
}): Uint8Array {
  const { key, nonce, ciphertext, associatedData } = checked(options);
  assertBytes(ciphertext, 'ciphertext');
  if (ciphertext.length < TAG) throw notAuthentic();
  try {
    return xchacha20poly1305(key, nonce, associatedData).decrypt(ciphertext);
  } catch {
    // With every length right noble throws for nothing but the tag. No cause: there is nothing to tell these apart by.
    throw notAuthentic();
  }
}

function checked<T extends { key: Uint8Array | Secret; nonce: Uint8Array; associatedData: Uint8Array }>(options: T) {
  const key = exposed(options.key);
  assertLength(key, KEY, 'key');
  assertLength(options.nonce, NONCE, 'nonce');
  assertBytes(options.associatedData, 'associatedData');
  return { ...options, key };
}

function notAuthentic(): PrimitivesError {
  return new PrimitivesError('not-authentic', 'this was not sealed with this key, nonce and associated data');
}
