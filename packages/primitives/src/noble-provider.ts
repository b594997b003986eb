import { ed25519, x25519 } from '@noble/curves/ed25519.js';
import type { CurveProvider } from './curve-provider.ts';
import { isPrimeOrderPoint } from './edwards-points.ts';
import { decryptBlocks, encryptBlocks } from './noble-cbc.ts';

/** Pure JavaScript, for every engine. */
export const nobleProvider: CurveProvider = {
  name: 'noble',
  x25519PublicKey: (privateKey) => x25519.getPublicKey(privateKey.expose()),
  x25519(privateKey, publicKey) {
    try {
      return x25519.getSharedSecret(privateKey.expose(), publicKey);
    } catch {
      // With both lengths right noble throws for nothing but a low order.
      return undefined;
    }
  },
  isPrimeOrder: isPrimeOrderPoint,
  ed25519PublicKey: (seed) => ed25519.getPublicKey(seed.expose()),
  ed25519Sign: (seed, message) => ed25519.sign(message, seed.expose()),
  // The default of noble is ZIP-215, which takes non-canonical points (S02).
  ed25519Verify: ({ publicKey, message, signature }) =>
    ed25519.verify(signature, message, publicKey, { zip215: false }),
  encryptBlocks,
  decryptBlocks,
};
