import type { Mutant } from '../mutant.ts';

/** XEP-0384 4.3. */
export const doubleRatchet: readonly Mutant[] = [
  {
    row: 'R20',
    breaks: 'the ephemeral key that is stored is not compared',
    file: 'packages/omemo-core/src/messages/key-exchange.ts',
    find: "role === 'recipient' &&\n      sameBytes(ephemeralKey, header.ephemeralKey) &&",
    replace: "role === 'recipient' &&\n      ephemeralKey.length === 0 &&",
  },
  {
    row: 'R21',
    breaks: 'skipped keys are stored without a limit',
    file: 'packages/omemo-core/src/profile/omemo2.ts',
    find: '({ rootKeyInfo: ROOT_KEY_INFO, maxSkip, maxStoredSkipped })',
    replace: '({ rootKeyInfo: ROOT_KEY_INFO, maxSkip, maxStoredSkipped: maxStoredSkipped * 100 })',
  },
  {
    row: 'R23',
    breaks: 'one message may skip any number',
    file: 'packages/double-ratchet/src/receiving-chain.ts',
    find: 'if (gap > maxSkip) {',
    replace: 'if (gap > maxSkip + 1) {',
  },
  {
    row: 'R25',
    breaks: 'skipped keys are kept for ever',
    file: 'packages/omemo-core/src/messages/skipped-keys.ts',
    find: 'limits.skippedLifetime',
    replace: 'Number.MAX_SAFE_INTEGER',
  },
  {
    row: 'R27',
    breaks: 'tags are cut from the other end',
    file: 'packages/omemo-core/src/profile/key-material.ts',
    find: 'return mac.subarray(0, TAG_LENGTH);',
    replace: 'return mac.subarray(mac.length - TAG_LENGTH);',
  },
  {
    row: 'R28',
    breaks: 'associated data is not authenticated',
    file: 'packages/omemo-core/src/profile/message-aead.ts',
    find: 'const mac = cutTag(hmacSha256(authenticationKey, associatedData, message));',
    replace: 'const mac = cutTag(hmacSha256(authenticationKey, message));',
  },
  {
    row: 'R29',
    breaks: 'the root chain has another info string',
    file: 'packages/omemo-core/src/profile/key-material.ts',
    find: "utf8.encode('OMEMO Root Chain')",
    replace: "utf8.encode('OMEMO Root')",
  },
  {
    row: 'R30',
    breaks: 'message keys and chain keys change places',
    file: 'packages/double-ratchet/src/key-derivation.ts',
    find: 'const MESSAGE_KEY_CONSTANT = Uint8Array.of(0x01);',
    replace: 'const MESSAGE_KEY_CONSTANT = Uint8Array.of(0x03);',
  },
  {
    row: 'R31',
    breaks: 'message keys are split in another order',
    file: 'packages/omemo-core/src/profile/key-material.ts',
    find: 'encryptionKey: derived.subarray(0, 32),',
    replace: 'encryptionKey: derived.subarray(32, 64),',
  },
  {
    row: 'R33',
    breaks: 'the message is serialized anew before it is authenticated',
    file: 'packages/omemo-core/src/profile/message-aead.ts',
    find: 'const { mac, message } = decodeAuthenticatedMessage(bytes);',
    replace:
      'const { mac, message: received } = decodeAuthenticatedMessage(bytes);\n    const message = encodeOmemoMessage(decodeOmemoMessage(received));',
  },
  {
    row: 'R34',
    breaks: 'the tag of a message is not compared',
    file: 'packages/omemo-core/src/profile/message-aead.ts',
    find: 'if (!constantTimeEqual(mac,',
    replace: 'if (false && !constantTimeEqual(mac,',
  },
  {
    row: 'R37',
    breaks: 'the key exchange is repeated for ever',
    file: 'packages/omemo-core/src/sessions/step.ts',
    find: "if (session.role === 'recipient' || session.confirmed) return",
    replace: "if (session.role === 'recipient') return",
  },
  {
    row: 'R38',
    breaks: 'another encoding of ek makes another session',
    file: 'packages/omemo-core/src/messages/key-exchange.ts',
    find: "if (alias !== undefined) return { kind: 'existing', session: alias };",
    replace: '',
  },
];
