import type { Mutant } from '../mutant.ts';

/** XEP-0384 4.2. */
export const keyExchange: readonly Mutant[] = [
  {
    row: 'R01',
    breaks: 'X3DH runs with another info string',
    file: 'packages/omemo-core/src/profile/key-material.ts',
    find: "utf8.encode('OMEMO X3DH')",
    replace: "utf8.encode('X3DH')",
  },
  {
    row: 'R04',
    breaks: 'a used pre-key is not replaced',
    file: 'packages/omemo-core/src/bundles/own-bundle.ts',
    find: 'replacement === undefined ? left : [...left, published(replacement)]',
    replace: 'left',
  },
  {
    row: 'R05',
    breaks: 'fewer than 25 pre-keys may be asked for',
    file: 'packages/omemo-core/src/limits.ts',
    find: 'const MIN_PRE_KEYS = 25;',
    replace: 'const MIN_PRE_KEYS = 1;',
  },
  {
    row: 'R06',
    breaks: 'the key exchange leaves the pre-key out of the secret',
    file: 'packages/x3dh/src/shared-secret.ts',
    find: 'dh3.expose(), dh4.expose())',
    replace: 'dh3.expose())',
  },
  {
    row: 'R07',
    breaks: 'a key exchange on another pre-key than it names is accepted',
    file: 'packages/x3dh/src/accept.ts',
    find: 'preKey.id === header.preKeyId &&',
    replace: '',
  },
  {
    row: 'R08',
    breaks: 'associated data names the recipient first',
    file: 'packages/omemo-core/src/profile/omemo2.ts',
    find: 'concatBytes(initiator, recipient)',
    replace: 'concatBytes(recipient, initiator)',
  },
  {
    row: 'R13',
    breaks: 'the bundle carries the Curve25519 form of the identity key',
    file: 'packages/omemo-core/src/bundles/own-bundle.ts',
    find: 'identityKey: identity.identityKeyPair.publicKey,',
    replace: 'identityKey: identity.identityKeyPair.x25519.publicKey,',
  },
  {
    row: 'R14',
    breaks: 'the signature of the signed pre-key is not looked at',
    file: 'packages/x3dh/src/bundle.ts',
    find: 'if (!refuseAs(',
    replace: 'if (false && !refuseAs(',
  },
  {
    row: 'R17',
    breaks: 'associated data of the agreement holds one identity key twice',
    file: 'packages/x3dh/src/shared-secret.ts',
    find: 'return concatBytes(keys.initiator, keys.recipient);',
    replace: 'return concatBytes(keys.initiator, keys.initiator);',
  },
  {
    row: 'R18',
    breaks: 'messages of a new session come without the key exchange',
    file: 'packages/omemo-core/src/sessions/step.ts',
    find: "if (session.role === 'recipient' || session.confirmed) return",
    replace: 'if (true) return',
  },
];
