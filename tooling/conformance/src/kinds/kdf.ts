import { omemo2 } from '@omemo-kit/omemo-core';
import { hkdfSha256, hmacSha256 } from '@omemo-kit/primitives';
import { compareDerivedKeys } from '../derived-keys.ts';
import { caseKind } from '../kind.ts';

/** KDF_RK, KDF_CK and the keys of one message (XEP-0384 4.3). */
export const kdf = caseKind({
  name: 'kdf',
  file: ['root_info', 'message_info'],
  cases: ['root_key', 'dh_out', 'chain_key'],
  check(entry, { file, compare }) {
    const rootInfo = new TextEncoder().encode(file.get('root_info').text());
    const { rootKeyInfo } = omemo2.ratchetParameters({ maxSkip: 0, maxStoredSkipped: 0 });
    compare.bytes('root_info', rootKeyInfo, rootInfo);
    const root = hkdfSha256({
      inputKeyMaterial: entry.get('dh_out').bytes(),
      salt: entry.get('root_key').bytes(),
      info: rootInfo,
      length: 64,
    });
    compare.member(entry, 'next_root_key', root.slice(0, 32));
    compare.member(entry, 'new_chain_key', root.slice(32));
    const chainKey = entry.get('chain_key').bytes();
    compare.member(entry, 'message_key', hmacSha256(chainKey, Uint8Array.of(1)));
    compare.member(entry, 'next_chain_key', hmacSha256(chainKey, Uint8Array.of(2)));
    compareDerivedKeys(compare, entry, {
      key: entry.get('message_key').bytes(),
      info: file.get('message_info').text(),
    });
  },
});
