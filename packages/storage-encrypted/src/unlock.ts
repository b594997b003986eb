import { StoreError } from '@omemo-kit/omemo-core/ports';
import { hkdfSha256, PrimitivesError, Secret } from '@omemo-kit/primitives';
import { argon2id } from '@omemo-kit/primitives/at-rest';
import { type Argon2Costs, checkCosts, defaultArgon2Costs } from './argon2-costs.ts';
import type { Lock } from './header.ts';
import { label } from './labels.ts';

/** A master key of 32 random bytes, as a keychain of the system keeps it. */
export interface UnlockWithKey {
  readonly key: Uint8Array | Secret;
  readonly passphrase?: never;
}

export interface UnlockWithPassphrase {
  /** A text is normalized to NFKC; bytes are taken as they are. Not empty. */
  readonly passphrase: string | Uint8Array;
  /** Looked at where a header is written; a store that exists says its own. */
  readonly argon2?: Argon2Costs;
  readonly key?: never;
}

/** What opens the data key. */
export type Unlock = UnlockWithKey | UnlockWithPassphrase;

const KEY = 32;

/** @throws StoreError `invalid-batch` for what cannot open any store */
export function checkUnlock(unlock: Unlock): void {
  const { key, passphrase } = unlock;
  if ((key === undefined) === (passphrase === undefined)) throw wrongArgument('either a key or a passphrase is needed');
  if (key !== undefined && !(key instanceof Secret) && !(key instanceof Uint8Array))
    throw wrongArgument('a master key is a Uint8Array or a Secret');
  if (key !== undefined && key.length !== KEY) throw wrongArgument(`a master key has ${KEY} bytes`);
  if (passphrase === undefined) return;
  if (passphrase.length === 0) throw wrongArgument('the passphrase is empty');
  checkCosts(unlock.argon2 ?? defaultArgon2Costs);
}

/** The lock for a new header. */
export function lockFor(unlock: Unlock, salt: Uint8Array): Lock {
  if (unlock.passphrase === undefined) return { kind: 'key', salt };
  return { kind: 'passphrase', salt, costs: unlock.argon2 ?? defaultArgon2Costs };
}

/**
 * The key that the data key is wrapped under.
 * @throws StoreError `wrong-key` when the store takes the other kind, `unavailable` without the memory for Argon2id
 */
export async function keyEncryptionKey(unlock: Unlock, lock: Lock): Promise<Secret> {
  const inputKeyMaterial = await masterKey(unlock, lock);
  return new Secret(hkdfSha256({ inputKeyMaterial, salt: lock.salt, info: label('key-encryption key'), length: KEY }));
}

async function masterKey(unlock: Unlock, lock: Lock): Promise<Uint8Array | Secret> {
  if (lock.kind === 'key') {
    if (unlock.key === undefined) throw new StoreError('wrong-key', 'this store takes a master key, not a passphrase');
    return unlock.key;
  }
  if (unlock.passphrase === undefined)
    throw new StoreError('wrong-key', 'this store takes a passphrase, not a master key');
  try {
    return await argon2id({ passphrase: unlock.passphrase, salt: lock.salt, ...lock.costs, length: KEY });
  } catch (cause) {
    if (cause instanceof PrimitivesError && cause.code === 'unavailable')
      throw new StoreError('unavailable', 'there is not enough memory for Argon2id', { cause });
    throw new StoreError('invalid-batch', 'a passphrase is Unicode text, or bytes', { cause });
  }
}

function wrongArgument(message: string): StoreError {
  return new StoreError('invalid-batch', message);
}
