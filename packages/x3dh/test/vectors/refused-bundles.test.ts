import { expect, test } from 'vitest';
import { initiate, verifyBundle, X3dhError } from '../../src/index.ts';
import { unhex } from '../hex.ts';
import { alice, info } from '../people.ts';
import { type RecordedBundle, readCases } from './vector-file.ts';

const cases = readCases<RecordedBundle>('refused-bundles');

function outcome(recorded: RecordedBundle): string {
  try {
    const bundle = verifyBundle({
      identityKey: unhex(recorded.ik_ed25519),
      signedPreKey: { id: 1, publicKey: unhex(recorded.spk), signature: unhex(recorded.spk_sig) },
      preKeys: recorded.pks.map(([id, pub]) => ({ id, publicKey: unhex(pub) })),
    });
    initiate({ identityKeyPair: alice.identityKeyPair, bundle, info });
    return 'accepted';
  } catch (error) {
    if (error instanceof X3dhError) return error.code;
    throw error;
  }
}

/** Which key or signature is to blame, from the words of the case. */
function expected(recorded: RecordedBundle): string {
  if (recorded.expect === 'accept') return 'accepted';
  if (recorded.what.startsWith('identity key is')) return 'invalid-identity-key';
  if (recorded.what.startsWith('signed pre key of small order')) return 'invalid-signed-pre-key';
  if (recorded.what.startsWith('the only pre key')) return 'invalid-pre-key';
  return recorded.what === 'no pre keys' ? 'no-pre-keys' : 'invalid-signature';
}

test('the file has all its cases', () => {
  expect(cases).toHaveLength(21);
  expect(cases.map(expected)).toContain('accepted');
});

test.each(cases)('$expect: $what', (recorded) => {
  expect(outcome(recorded)).toBe(expected(recorded));
});
