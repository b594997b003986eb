import type { Mutant } from '../mutant.ts';

/** XEP-0384 4.4, 4.5. */
export const payload: readonly Mutant[] = [
  {
    row: 'R39',
    breaks: 'every message has the same payload key',
    file: 'packages/omemo-core/src/messages/encrypt.ts',
    find: 'key: context.randomness.payloadKey(),',
    replace: 'key: new Uint8Array(32),',
  },
  {
    row: 'R40',
    breaks: 'the payload has another info string',
    file: 'packages/omemo-core/src/profile/key-material.ts',
    find: "utf8.encode('OMEMO Payload')",
    replace: "utf8.encode('Payload')",
  },
  {
    row: 'R42',
    breaks: 'the tag is made over the key, not the ciphertext',
    file: 'packages/omemo-core/src/profile/payload.ts',
    find: 'return { ciphertext, keyMaterial: concatBytes(key, tag) };',
    replace: 'return { ciphertext, keyMaterial: concatBytes(key, cutTag(hmacSha256(authenticationKey, key))) };',
  },
  {
    row: 'R43',
    breaks: 'devices get the tag before the key',
    file: 'packages/omemo-core/src/profile/payload.ts',
    find: 'keyMaterial: concatBytes(key, tag)',
    replace: 'keyMaterial: concatBytes(tag, key)',
  },
  {
    row: 'R44',
    breaks: 'the payload is decrypted whatever its tag',
    file: 'packages/omemo-core/src/profile/payload.ts',
    find: 'if (!constantTimeEqual(tag,',
    replace: 'if (false && !constantTimeEqual(tag,',
  },
  {
    row: 'R41',
    breaks: 'the payload is encrypted with the key that authenticates',
    file: 'packages/omemo-core/src/profile/payload.ts',
    find: 'aes256CbcEncrypt({ key: encryptionKey, iv, plaintext });',
    replace: 'aes256CbcEncrypt({ key: authenticationKey, iv, plaintext });',
  },
  {
    row: 'S32',
    breaks: 'a payload is opened under the zeros of an empty message',
    file: 'packages/omemo-core/src/profile/payload.ts',
    find: 'if (keyMaterial.length !== KEY_LENGTH + TAG_LENGTH) throw notAuthentic();',
    replace:
      'if (keyMaterial.length === KEY_LENGTH) {\n    const known = deriveKeys(keyMaterial, PAYLOAD_INFO);\n    return aes256CbcDecrypt({ key: known.encryptionKey, iv: known.iv, ciphertext });\n  }',
  },
  {
    row: 'S35',
    breaks: 'one byte of the payload’s tag is not compared',
    file: 'packages/omemo-core/src/profile/payload.ts',
    find: 'if (!constantTimeEqual(tag, keyMaterial.subarray(KEY_LENGTH))) throw notAuthentic();',
    replace:
      'if (!constantTimeEqual(tag.subarray(0, 15), keyMaterial.subarray(KEY_LENGTH, KEY_LENGTH + 15))) throw notAuthentic();',
  },
];
