import { omemo2 } from '@omemo-kit/omemo-core';
import { decodeAuthenticatedMessage, decodeOmemoMessage } from '@omemo-kit/omemo-wire';
import { Secret } from '@omemo-kit/primitives';
import { caseKind } from '../kind.ts';

/** One message under a given message key, sealed to the recorded bytes and opened again (XEP-0384 4.3). */
export const sealed = caseKind({
  name: 'sealed',
  cases: ['message_key', 'authenticated_message', 'omemo_message'],
  check(entry, { compare }) {
    const messageKey = new Secret(entry.get('message_key').bytes());
    const associatedData = entry.get('associated_data').bytes();
    const header = {
      ratchetKey: entry.get('dh_pub').bytes(),
      previousChainLength: entry.get('pn').count(),
      messageNumber: entry.get('n').count(),
    };
    const plaintext = entry.get('plaintext').bytes();
    const message = omemo2.messageAead.seal({ messageKey, header, plaintext, associatedData });
    compare.member(entry, 'authenticated_message', message);

    const recorded = entry.get('authenticated_message').bytes();
    const outer = decodeAuthenticatedMessage(recorded);
    compare.member(entry, 'mac', outer.mac);
    compare.member(entry, 'omemo_message', outer.message);
    const inner = decodeOmemoMessage(outer.message);
    compare.value('n', inner.n, header.messageNumber);
    compare.value('pn', inner.pn, header.previousChainLength);
    compare.member(entry, 'dh_pub', inner.dhPub);
    compare.member(entry, 'ciphertext', inner.ciphertext);
    const opened = omemo2.messageAead.open({ messageKey, header, message: recorded, associatedData });
    compare.member(entry, 'plaintext', opened);
  },
});
