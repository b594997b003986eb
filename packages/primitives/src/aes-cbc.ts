import { assertBytes, assertLength } from './byte-checks.ts';
import type { CurveProvider } from './curve-provider.ts';
import { PrimitivesError } from './primitives-error.ts';

const BLOCK = 16;

/** PKCS#7 (RFC 5652 6.3) around the provider's CBC over whole blocks. */
export function encryptCbc(
  provider: CurveProvider,
  { key, iv, plaintext }: { key: Uint8Array; iv: Uint8Array; plaintext: Uint8Array },
): Uint8Array {
  assertLength(key, 32, 'key');
  assertLength(iv, BLOCK, 'iv');
  assertBytes(plaintext, 'plaintext');
  const padding = BLOCK - (plaintext.length % BLOCK);
  const blocks = new Uint8Array(plaintext.length + padding).fill(padding, plaintext.length);
  blocks.set(plaintext);
  return provider.encryptBlocks({ key, iv, blocks });
}

export function decryptCbc(
  provider: CurveProvider,
  { key, iv, ciphertext }: { key: Uint8Array; iv: Uint8Array; ciphertext: Uint8Array },
): Uint8Array {
  assertLength(key, 32, 'key');
  assertLength(iv, BLOCK, 'iv');
  assertBytes(ciphertext, 'ciphertext');
  if (ciphertext.length === 0 || ciphertext.length % BLOCK !== 0) throw invalidPadding();
  const blocks = provider.decryptBlocks({ key, iv, blocks: ciphertext });
  const padding = blocks[blocks.length - 1] as number;
  // The same steps for every last block, so that time tells no more than the answer does.
  let wrong = Number(padding === 0) | Number(padding > BLOCK);
  for (let i = 1; i <= BLOCK; i++) {
    const counts = Number(i <= padding);
    wrong |= counts & Number(blocks[blocks.length - i] !== padding);
  }
  if (wrong !== 0) throw invalidPadding();
  return blocks.slice(0, blocks.length - padding);
}

function invalidPadding(): PrimitivesError {
  return new PrimitivesError('invalid-padding', 'the ciphertext does not decrypt to padded plaintext');
}
