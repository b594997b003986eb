import { createCipheriv } from 'node:crypto';

/** XChaCha20-Poly1305 as draft-irtf-cfrg-xchacha-03 2.3 builds it: OpenSSL's ChaCha20-Poly1305 under a key made by HChaCha20. */
export function sealWithOpenssl(input: {
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
  readonly plaintext: Uint8Array;
  readonly associatedData: Uint8Array;
}): Uint8Array {
  const { key, nonce, plaintext, associatedData } = input;
  const iv = new Uint8Array(12);
  iv.set(nonce.subarray(16), 4);
  const cipher = createCipheriv('chacha20-poly1305', hchacha20(key, nonce.subarray(0, 16)), iv, { authTagLength: 16 });
  cipher.setAAD(associatedData, { plaintextLength: plaintext.length });
  const ciphertext = [...cipher.update(plaintext), ...cipher.final()];
  return Uint8Array.from([...ciphertext, ...cipher.getAuthTag()]);
}

/** 2.2: the ChaCha20 block function without the final addition; the first and the last row are the subkey. */
function hchacha20(key: Uint8Array, nonce: Uint8Array): Uint8Array {
  const state = Uint32Array.from([
    ...[0x61707865, 0x3320646e, 0x79622d32, 0x6b206574],
    ...littleEndianWords(key),
    ...littleEndianWords(nonce),
  ]);
  for (let round = 0; round < 10; round++) {
    for (let i = 0; i < 4; i++) quarterRound(state, [i, 4 + i, 8 + i, 12 + i]);
    for (let i = 0; i < 4; i++) quarterRound(state, [i, 4 + ((i + 1) % 4), 8 + ((i + 2) % 4), 12 + ((i + 3) % 4)]);
  }
  const subkey = new DataView(new ArrayBuffer(32));
  [0, 1, 2, 3, 12, 13, 14, 15].forEach((word, i) => {
    subkey.setUint32(4 * i, state[word] as number, true);
  });
  return new Uint8Array(subkey.buffer);
}

/** RFC 8439 2.1. */
function quarterRound(state: Uint32Array, [a, b, c, d]: readonly [number, number, number, number]): void {
  const step = (x: number, y: number, z: number, bits: number): void => {
    state[x] = (state[x] as number) + (state[y] as number);
    const mixed = (state[z] as number) ^ (state[x] as number);
    state[z] = (mixed << bits) | (mixed >>> (32 - bits));
  };
  step(a, b, d, 16);
  step(c, d, b, 12);
  step(a, b, d, 8);
  step(c, d, b, 7);
}

function littleEndianWords(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: bytes.length / 4 }, (_, i) => view.getUint32(4 * i, true));
}
