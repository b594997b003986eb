import { concatBytes, hkdfSha256 } from '@omemo-kit/primitives';
import type { Comparison } from './comparison.ts';
import type { Recorded } from './recorded.ts';

/** Info strings of XEP-0384 4.3 and 4.4, for what the recordings derive beside the packages. */
export const MESSAGE_INFO = 'OMEMO Message Key Material';
export const PAYLOAD_INFO = 'OMEMO Payload';

/** Recorded encryption key, authentication key and IV against what HKDF makes of their key. */
export function compareDerivedKeys(
  compare: Comparison,
  entry: Recorded,
  { key, info }: { readonly key: Uint8Array; readonly info: string },
): void {
  const recorded = ['enc_key', 'auth_key', 'iv'].map((name) => entry.get(name).bytes());
  const derived = hkdfSha256({
    inputKeyMaterial: key,
    salt: new Uint8Array(32),
    info: new TextEncoder().encode(info),
    length: 80,
  });
  compare.bytes('enc_key, auth_key and iv', derived, concatBytes(...recorded));
}
