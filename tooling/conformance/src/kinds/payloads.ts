import { omemo2 } from '@omemo-kit/omemo-core';
import { caseKind, type Kind } from '../kind.ts';
import { comparePayload } from '../recorded-payload.ts';

const cases = caseKind({
  name: 'payloads',
  cases: ['plaintext', 'key', 'tag', 'ciphertext', 'enc_key'],
  check: (entry, { compare }) => comparePayload(compare, entry),
});

/** Payloads under a given key, sealed to the recorded bytes and opened again (XEP-0384 4.4), and the empty message. */
export const payloads: Kind = {
  ...cases,
  async replay(file, replay) {
    const empty = file.find('empty_message');
    if (empty !== undefined) {
      await replay.step('empty_message', (compare) => {
        compare.member(empty, 'key_material', omemo2.emptyKeyMaterial);
        compare.value('payload', null, empty.get('payload').value);
      });
    }
    return cases.replay(file, replay);
  },
};
