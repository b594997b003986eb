import { createCipheriv, randomBytes } from 'node:crypto';

/** What is encrypted with a message key, and what it becomes. */
export interface CipherInput {
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
  readonly plaintext: Uint8Array;
  /** With PKCS#7 by hand: without `final` the cipher gives the same. */
  readonly padded: Uint8Array;
  readonly ciphertext: Uint8Array;
}

/**
 * Every message has another key. One key again and again would always find the same few of the entries of noble's tables, 1.3 MB of
 * them, in the cache next to the processor, where no message finds them: AES would seem to cost half of what it does.
 */
const KEYS = 64;
const cipherInputs: readonly CipherInput[] = Array.from({ length: KEYS }, () => {
  const [key, iv, plaintext] = [bytes(32), bytes(16), bytes(48)];
  const cipher = createCipheriv('aes-256-cbc', key, iv);
  const ciphertext = new Uint8Array(Buffer.concat([cipher.update(plaintext), cipher.final()]));
  return { key, iv, plaintext, padded: new Uint8Array([...plaintext, ...new Array(16).fill(16)]), ciphertext };
});
let next = 0;

export function nextCipherInput(): CipherInput {
  next = (next + 1) % KEYS;
  return cipherInputs[next] as CipherInput;
}

/** The next will be the same again: for those who compare what comes out. */
export function rewindCipherInputs(): void {
  next = 0;
}

function bytes(length: number): Uint8Array {
  return new Uint8Array(randomBytes(length));
}
