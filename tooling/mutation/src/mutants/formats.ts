import type { Mutant } from '../mutant.ts';

/** XEP-0384 5.5, 11, 12. */
export const formats: readonly Mutant[] = [
  {
    row: 'R75',
    breaks: 'envelopes are not padded',
    file: 'packages/omemo-core/src/ports/randomness.ts',
    find: 'padding: ',
    replace: "padding: () => '', unused: ",
  },
  {
    row: 'R82',
    breaks: 'a message may have two headers',
    file: 'packages/omemo-wire/src/elements/encrypted.ts',
    find: "const header = onlyChild(element, { name: 'header', namespace: NS_OMEMO });",
    replace: "const header = childrenNamed(element, { name: 'header', namespace: NS_OMEMO })[0] as Element;",
  },
  {
    row: 'R83',
    breaks: 'key exchanges are not marked',
    file: 'packages/omemo-wire/src/elements/serialize-encrypted.ts',
    find: "kex: kex ? 'true' : undefined",
    replace: 'kex: undefined',
  },
  {
    row: 'R85',
    breaks: 'an empty message carries 48 zero bytes',
    file: 'packages/omemo-core/src/profile/omemo2.ts',
    find: 'emptyKeyMaterial: new Uint8Array(32),',
    replace: 'emptyKeyMaterial: new Uint8Array(48),',
  },
  {
    row: 'R87',
    breaks: 'the first key is taken for ours',
    file: 'packages/omemo-wire/src/elements/encrypted.ts',
    find: 'if (!isOwn || rid !== recipient.deviceId) continue;',
    replace: 'if (own !== undefined) continue;',
  },
  {
    row: 'R133',
    breaks: 'kex="1" is not understood, nor anything else',
    file: 'packages/omemo-wire/src/elements/encrypted.ts',
    find: "kexAttribute: own !== undefined && booleanAttribute(own, 'kex'),",
    replace: 'kexAttribute: false,',
  },
  {
    row: 'R134',
    breaks: 'a number of 0 is not written',
    file: 'packages/omemo-wire/src/protobuf/strict-writer.ts',
    find: 'writer.tag(fieldNumber, WireType.Varint).uint32(value);',
    replace: 'if (value !== 0) writer.tag(fieldNumber, WireType.Varint).uint32(value);',
  },
  {
    row: 'R139',
    breaks: 'the namespace is another one',
    file: 'packages/omemo-wire/src/namespaces.ts',
    find: "'urn:xmpp:omemo:2'",
    replace: "'urn:xmpp:omemo:3'",
  },
];
