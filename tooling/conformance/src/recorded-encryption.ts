import { omemo2 } from '@omemo-kit/omemo-core';
import {
  decodeAuthenticatedMessage,
  decodeKeyExchange,
  decodeOmemoMessage,
  type parseEncrypted,
} from '@omemo-kit/omemo-wire';
import { concatBytes, Secret } from '@omemo-kit/primitives';
import type { Comparison } from './comparison.ts';
import { compareDerivedKeys, MESSAGE_INFO } from './derived-keys.ts';
import type { Recorded } from './recorded.ts';
import { comparePayload } from './recorded-payload.ts';

/** An `<encrypted/>` of ours as its recipient reads it, against a recorded encrypt step. */
export function compareEncrypted(
  compare: Comparison,
  made: ReturnType<typeof parseEncrypted>,
  { step, sid }: { readonly step: Recorded; readonly sid: number },
): void {
  compare.value('sid', made.sid, sid);
  compare.value('kex', made.kexAttribute, step.get('kex').flag());
  compare.value('recipients', made.recipients, 1);
  compare.member(step, 'wire', made.key);
  compare.bytes('payload', made.payload, step.findSet('content')?.get('ciphertext').bytes());
}

/** What an encrypt step records besides the bytes that travel: all of it must lead to those bytes. */
export function compareEncryption(compare: Comparison, step: Recorded): void {
  const content = step.findSet('content');
  if (content !== undefined) comparePayload(compare, content);
  const keyMaterial =
    content === undefined
      ? omemo2.emptyKeyMaterial
      : concatBytes(content.get('key').bytes(), content.get('tag').bytes());
  compare.member(step, 'key_material', keyMaterial);
  const wire = step.get('wire').bytes();
  const authenticated = step.get('kex').flag() ? decodeKeyExchange(wire).message : wire;
  compare.member(step, 'authenticated_message', authenticated);
  // `lite` transcripts record nothing of what is inside.
  if (step.has('message_key')) compareSealed(compare, step, { authenticated, keyMaterial });
}

function compareSealed(
  compare: Comparison,
  step: Recorded,
  made: { readonly authenticated: Uint8Array; readonly keyMaterial: Uint8Array },
): void {
  const { mac, message } = decodeAuthenticatedMessage(made.authenticated);
  compare.member(step, 'mac', mac);
  compare.member(step, 'omemo_message', message);
  const { n, pn, dhPub } = decodeOmemoMessage(message);
  const header = step.get('header');
  compare.value('header n', n, header.get('n').count());
  compare.value('header pn', pn, header.get('pn').count());
  compare.member(header, 'dh_pub', dhPub);
  const messageKey = step.get('message_key').bytes();
  compareDerivedKeys(compare, step, { key: messageKey, info: MESSAGE_INFO });
  const sealed = omemo2.messageAead.seal({
    messageKey: new Secret(messageKey),
    header: { ratchetKey: dhPub, previousChainLength: pn, messageNumber: n },
    plaintext: made.keyMaterial,
    associatedData: step.get('associated_data').bytes(),
  });
  compare.bytes('sealed under message_key', sealed, made.authenticated);
}
