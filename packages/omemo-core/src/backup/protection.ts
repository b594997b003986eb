import type { Secret } from '@omemo-kit/primitives';
import { OmemoError } from '../errors.ts';

/**
 * What keeps a backup from being read: a passphrase (Argon2id), 32 secret bytes, or nothing, for an application that
 * protects the bytes itself. Whoever reads an unprotected backup can be this device.
 */
export type BackupProtection =
  | { readonly passphrase: string }
  | { readonly key: Uint8Array | Secret }
  | 'none-i-protect-the-bytes-myself';

export const protectionKinds = ['none', 'key', 'passphrase'] as const;

/** @throws OmemoError `invalid-argument` for anything that is no protection, an empty passphrase included. */
export function kindOf(protection: BackupProtection): (typeof protectionKinds)[number] {
  if (protection === 'none-i-protect-the-bytes-myself') return 'none';
  if (typeof protection === 'object' && protection !== null) {
    if ('key' in protection) return 'key';
    if (typeof protection.passphrase === 'string' && protection.passphrase !== '') return 'passphrase';
  }
  throw new OmemoError('invalid-argument', 'a backup is protected by a passphrase, a key, or explicitly by nothing');
}

/** How much work it is to get from a passphrase to the key. Written into the backup, so that it may grow. */
export interface PassphraseCost {
  readonly memoryKiB: number;
  readonly iterations: number;
  readonly parallelism: number;
}

/** The second choice of RFC 9106 section 4, for machines that cannot spare 2 GiB. */
export const passphraseCost: PassphraseCost = { memoryKiB: 65_536, iterations: 3, parallelism: 4 };

/** A file that asks for more would be somebody's way to exhaust the memory. */
const HIGHEST: PassphraseCost = { memoryKiB: 1_048_576, iterations: 64, parallelism: 64 };

/** Whether a backup may ask for this much work. */
export function isBearable(cost: PassphraseCost): boolean {
  return (['memoryKiB', 'iterations', 'parallelism'] as const).every((name) => cost[name] <= HIGHEST[name]);
}
