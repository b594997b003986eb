import type { Ed25519PublicKey } from '@omemo-kit/primitives';

/**
 * An identity key for the application, which may write into it or hand its memory on to a worker. The arrays of records stay inside:
 * they are remembered from commit to commit, and what became of one would be stored with the next.
 */
export function keyCopy(key: Ed25519PublicKey): Ed25519PublicKey;
export function keyCopy(key: Ed25519PublicKey | undefined): Ed25519PublicKey | undefined;
export function keyCopy(key: Ed25519PublicKey | undefined): Ed25519PublicKey | undefined {
  return key && (new Uint8Array(key) as Ed25519PublicKey);
}
