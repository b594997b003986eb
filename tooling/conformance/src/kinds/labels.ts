import { decodeBase64 } from '@omemo-kit/omemo-wire';
import { importEd25519PublicKey, verify } from '@omemo-kit/primitives';
import { caseKind } from '../kind.ts';

/** Signatures over device labels (XEP-0384 5.3.1): the recorded one verifies, the damaged one does not. */
export const labels = caseKind({
  name: 'labels',
  cases: ['label', 'labelsig'],
  check(entry, { compare }) {
    const publicKey = importEd25519PublicKey(entry.get('ed25519').bytes());
    const message = new TextEncoder().encode(entry.get('label').text());
    const verifies = (name: string) => verify({ publicKey, message, signature: decodeBase64(entry.get(name).text()) });
    entry.get('signed_with').oneOf('seed', 'scalar');
    compare.value('valid', verifies('labelsig'), entry.get('valid').flag());
    compare.value('bad_valid', verifies('bad_labelsig'), entry.get('bad_valid').flag());
  },
});
