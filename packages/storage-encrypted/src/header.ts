import { StoreError } from '@omemo-kit/omemo-core/ports';
import { concatBytes, constantTimeEqual, PrimitivesError, randomBytes, Secret, sha256 } from '@omemo-kit/primitives';
import { xchacha20Poly1305Open, xchacha20Poly1305Seal } from '@omemo-kit/primitives/at-rest';
import { type Argon2Costs, areAllowed } from './argon2-costs.ts';
import { label } from './labels.ts';

/** What has to be known, beside the secret itself, to open the data key. */
export type Lock =
  | { readonly kind: 'key'; readonly salt: Uint8Array }
  | { readonly kind: 'passphrase'; readonly salt: Uint8Array; readonly costs: Argon2Costs };

export interface Header {
  readonly lock: Lock;
  /** Nonce and sealed data key. */
  readonly wrapped: Uint8Array;
}

/*
 * kind (1 byte), memoryKiB, iterations, parallelism (4 bytes each, big-endian, zero for a key), salt (16), nonce (24), sealed data
 * key (32 + 16), SHA-256 of all that (32).
 */
export const SALT = 16;
const LOCK = 1 + 3 * 4 + SALT;
const NONCE = 24;
const WRAPPED = NONCE + 32 + 16;
const CHECKSUM = 32;
const KINDS = ['key', 'passphrase'] as const;

export function encodeHeader({ lock, wrapped }: Header): Uint8Array {
  const content = concatBytes(encodeLock(lock), wrapped);
  return concatBytes(content, sha256(content));
}

/**
 * The checksum authenticates nothing. It tells a damaged header from a wrong key, so that nobody is told that the passphrase is wrong
 * when the disk is.
 * @throws StoreError `corrupt`
 */
export function decodeHeader(bytes: Uint8Array): Header {
  if (bytes.length !== LOCK + WRAPPED + CHECKSUM) throw corruptHeader();
  const content = bytes.subarray(0, LOCK + WRAPPED);
  if (!constantTimeEqual(sha256(content), bytes.subarray(LOCK + WRAPPED))) throw corruptHeader();
  return { lock: decodeLock(content.slice(0, LOCK)), wrapped: content.slice(LOCK) };
}

/** The lock is authenticated with the key, so that a header cannot be given other costs. */
export function wrapDataKey(input: { dataKey: Secret; lock: Lock; keyEncryptionKey: Secret }): Header {
  const nonce = randomBytes(NONCE);
  const sealed = xchacha20Poly1305Seal({
    key: input.keyEncryptionKey,
    nonce,
    plaintext: input.dataKey.expose(),
    associatedData: contextOf(input.lock),
  });
  return { lock: input.lock, wrapped: concatBytes(nonce, sealed) };
}

/** @throws StoreError `wrong-key` */
export function unwrapDataKey({ lock, wrapped }: Header, keyEncryptionKey: Secret): Secret {
  try {
    return new Secret(
      xchacha20Poly1305Open({
        key: keyEncryptionKey,
        nonce: wrapped.subarray(0, NONCE),
        ciphertext: wrapped.subarray(NONCE),
        associatedData: contextOf(lock),
      }),
    );
  } catch (error) {
    if (!(error instanceof PrimitivesError) || error.code !== 'not-authentic') throw error;
    throw new StoreError('wrong-key', `this ${lock.kind} does not open the store`);
  }
}

function contextOf(lock: Lock): Uint8Array {
  return concatBytes(label('data key'), encodeLock(lock));
}

function encodeLock(lock: Lock): Uint8Array {
  const bytes = new Uint8Array(LOCK);
  const view = new DataView(bytes.buffer);
  bytes[0] = KINDS.indexOf(lock.kind);
  if (lock.kind === 'passphrase') {
    view.setUint32(1, lock.costs.memoryKiB);
    view.setUint32(5, lock.costs.iterations);
    view.setUint32(9, lock.costs.parallelism);
  }
  bytes.set(lock.salt, LOCK - SALT);
  return bytes;
}

function decodeLock(bytes: Uint8Array): Lock {
  const view = new DataView(bytes.buffer);
  const costs = { memoryKiB: view.getUint32(1), iterations: view.getUint32(5), parallelism: view.getUint32(9) };
  const salt = bytes.slice(LOCK - SALT);
  switch (KINDS[bytes[0] as number]) {
    case 'key':
      return { kind: 'key', salt };
    case 'passphrase':
      if (!areAllowed(costs)) throw new StoreError('corrupt', 'the header asks for costs that no release writes');
      return { kind: 'passphrase', salt, costs };
    default:
      throw corruptHeader();
  }
}

function corruptHeader(): StoreError {
  return new StoreError('corrupt', 'the header of the encrypted store is damaged');
}
