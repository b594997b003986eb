import type { Mutant } from '../mutant.ts';

/** XEP-0384 5.5, 5.6: envelopes, elements and what is told of them. */
export const messages: readonly Mutant[] = [
  {
    row: 'R76',
    breaks: 'envelopes have no time',
    file: 'packages/omemo-core/src/messages/outgoing-message.ts',
    find: 'from, to, time: new Date(context.now()),',
    replace: 'from, to,',
  },
  {
    row: 'R77',
    breaks: 'envelopes do not name their sender',
    file: 'packages/omemo-core/src/messages/outgoing-message.ts',
    find: 'from, to, time: new Date(context.now()),',
    replace: 'to, time: new Date(context.now()),',
  },
  {
    row: 'R79',
    breaks: 'the content goes beside the encrypted element too',
    file: 'packages/omemo-core/src/messages/outgoing-message.ts',
    find: 'messageStanza({ id, to, beside: message.beside, marks })',
    replace: 'messageStanza({ id, to, beside: [...(message.beside ?? []), ...message.content], marks })',
  },
  {
    row: 'R80',
    breaks: 'the envelope is in another namespace',
    file: 'packages/omemo-wire/src/envelope/serialize-envelope.ts',
    find: "createElement('envelope', { xmlns: NS_SCE })",
    replace: "createElement('envelope', { xmlns: 'urn:xmpp:sce:0' })",
  },
  {
    row: 'R84',
    breaks: 'keys and payload are written as base64url',
    file: 'packages/omemo-wire/src/elements/serialize-encrypted.ts',
    find: 'return encodeBase64(bytes);',
    replace: "return encodeBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');",
  },
  {
    row: 'R88',
    breaks: 'a message for other devices is told as malformed',
    file: 'packages/omemo-core/src/messages/decrypt.ts',
    find: "return { type: 'not-for-this-device', ...device, stanza, delayedAt };",
    replace:
      "return { type: 'failed', ...device, id: undefined, stanza, delayedAt, code: 'malformed', cause: undefined };",
  },
  {
    row: 'R93',
    breaks: 'what cannot be decrypted is told as a copy',
    file: 'packages/omemo-core/src/messages/decrypt.ts',
    find: "if (error.reason === 'key-used') return duplicate('key-used');",
    replace: "if (error.reason !== undefined) return duplicate('key-used');",
  },
  {
    row: 'R94',
    breaks: 'the payload is handed over as it came',
    file: 'packages/omemo-core/src/messages/open-content.ts',
    find: 'payload: profile.openPayload({ keyMaterial, ciphertext }) };',
    replace: 'payload: ciphertext };',
  },
  {
    row: 'R110',
    breaks: 'a failure is told as a copy',
    file: 'packages/omemo-core/src/messages/decrypt.ts',
    find: "if (error.reason === 'key-used') return duplicate('key-used');",
    replace: "if (error.reason !== undefined) return duplicate('same-bytes');",
  },
  {
    row: 'R125',
    breaks: 'messages of an undecided device are refused',
    file: 'packages/omemo-core/src/messages/store-reading.ts',
    find: 'const rejected = optOut === undefined ?',
    replace: "const rejected = sender.trust === 'undecided' ? 'untrusted-opt-out' : optOut === undefined ?",
  },
  {
    row: 'R126',
    breaks: 'messages of an undecided device are not marked',
    file: 'packages/omemo-core/src/messages/store-reading.ts',
    find: 'trust: sender.trust,',
    replace: "trust: 'trusted',",
  },
  {
    row: 'R135',
    breaks: 'the tag of a message is not compared',
    file: 'packages/omemo-core/src/profile/message-aead.ts',
    find: 'if (!constantTimeEqual(mac,',
    replace: 'if (false && !constantTimeEqual(mac,',
  },
  {
    row: 'R136',
    breaks: 'what was read is not remembered',
    file: 'packages/omemo-core/src/messages/seen.ts',
    find: 'return seen.some((one) => sameBytes(one, hash));',
    replace: 'return seen.some((one) => one === hash);',
  },
  {
    row: 'R138',
    breaks: 'only one device gets a key',
    file: 'packages/omemo-core/src/messages/encrypt.ts',
    find: 'keys: reached, payload',
    replace: 'keys: reached.slice(0, 1), payload',
  },
];
