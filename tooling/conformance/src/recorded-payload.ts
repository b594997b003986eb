import { omemo2 } from '@omemo-kit/omemo-core';
import { concatBytes } from '@omemo-kit/primitives';
import type { Comparison } from './comparison.ts';
import { compareDerivedKeys, PAYLOAD_INFO } from './derived-keys.ts';
import type { Recorded } from './recorded.ts';

/** One recorded payload: plaintext, key, tag and ciphertext, and the derived keys where they are recorded. */
export function comparePayload(compare: Comparison, entry: Recorded): void {
  const key = entry.get('key').bytes();
  const plaintext = entry.get('plaintext').bytes();
  const keyMaterial = concatBytes(key, entry.get('tag').bytes());
  const made = omemo2.sealPayload({ key, plaintext });
  compare.member(entry, 'ciphertext', made.ciphertext);
  compare.bytes('key and tag', made.keyMaterial, keyMaterial);
  const opened = omemo2.openPayload({ keyMaterial, ciphertext: entry.get('ciphertext').bytes() });
  compare.bytes('plaintext', opened, plaintext);
  if (entry.has('enc_key')) compareDerivedKeys(compare, entry, { key, info: PAYLOAD_INFO });
}
