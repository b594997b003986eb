import { omemo2 } from '@omemo-kit/omemo-core';
import { concatBytes } from '@omemo-kit/primitives';
import { caseKind } from '../kind.ts';
import { judge } from '../verdict.ts';

/** Payloads that must not open: damaged ciphertexts, keys and tags, and bad padding under a good tag. */
export const refusedPayloads = caseKind({
  name: 'refused-payloads',
  cases: ['ciphertext', 'key', 'tag', 'expect'],
  async check(entry, { file, compare, replay }) {
    const keyMaterial = concatBytes(entry.get('key').bytes(), entry.get('tag').bytes());
    const ciphertext = entry.get('ciphertext').bytes();
    await judge({
      expect: entry.get('expect').oneOf('accept', 'refuse', 'either'),
      compare,
      replay,
      attempt: () => omemo2.openPayload({ keyMaterial, ciphertext }),
      accepted: (plaintext) =>
        compare.bytes('plaintext', plaintext, (entry.find('plaintext') ?? file.get('plaintext')).bytes()),
    });
  },
});
