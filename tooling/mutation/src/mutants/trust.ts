import type { Mutant } from '../mutant.ts';

/** XEP-0384 section 8: trust and fingerprints. */
export const trust: readonly Mutant[] = [
  {
    row: 'R127',
    breaks: 'empty messages wait for trust too',
    file: 'packages/omemo-core/src/messages/encrypt-empty.ts',
    find: "const owed = request.send === 'if-owed' ? set : undefined;",
    replace:
      "const owed = request.send === 'if-owed' ? set : undefined;\n    const { keys: judged = [] } = (await unit.get(trustRecord, keys.trust(jid))) ?? {};\n    if (judged.some(({ level }) => level === 'undecided')) return undefined;",
  },
  {
    row: 'R128',
    breaks: 'the devices to be decided on come without fingerprints',
    file: 'packages/omemo-core/src/messages/undecided.ts',
    find: 'fingerprint: fingerprint(key),',
    replace: 'fingerprint: [],',
  },
  {
    row: 'R130',
    breaks: 'fingerprints are in groups of four',
    file: 'packages/omemo-core/src/trust/fingerprint.ts',
    find: '.match(/.{8}/g)',
    replace: '.match(/.{4}/g)',
  },
  {
    row: 'R132',
    breaks: 'trust on first use trusts the second key too',
    file: 'packages/omemo-core/src/trust/policy.ts',
    find: '(known.length === 0 && !verificationPending',
    replace: '(known.length <= 1 && !verificationPending',
  },
  {
    row: 'S06',
    breaks: 'the sign bit of an identity key is not compared',
    file: 'packages/omemo-core/src/trust/known-keys.ts',
    find: "record?.keys.find((known) => sameBytes(known.identityKey, identityKey))?.level ?? 'undecided';",
    replace:
      "record?.keys.find((known) => sameBytes(known.identityKey.subarray(0, 31), identityKey.subarray(0, 31)))?.level ?? 'undecided';",
  },
  {
    row: 'S21',
    breaks: 'nobody is told that two accounts show one key',
    file: 'packages/omemo-core/src/trust/shared-keys.ts',
    find: 'return all.filter((other) => other !== jid).sort();',
    replace: 'return all.filter((other) => other !== jid && other === undefined);',
  },
  {
    row: 'S22',
    breaks: 'another identity key of a device is taken over',
    file: 'packages/omemo-core/src/trust/known-keys.ts',
    find: '(known === device ? { ...known, changedTo: identityKey } : known)',
    replace: '(known === device ? { ...known, identityKey } : known)',
  },
  {
    row: 'S23',
    breaks: 'a key exchange with another identity key is read',
    file: 'packages/omemo-core/src/messages/identity-change.ts',
    find: 'if (known === undefined || sameBytes(known.identityKey, session.identityKey)) return true;',
    replace: 'if (known === undefined || known.deviceId === device.deviceId) return true;',
  },
  {
    row: 'S51',
    breaks: 'nobody is told of new devices',
    file: 'packages/omemo-core/src/trust/remember-sightings.ts',
    find: 'if (fresh.length === 0) return;',
    replace: 'if (fresh.length >= 0) return;',
  },
  {
    row: 'S52',
    breaks: 'new keys are trusted blindly also after a verification',
    file: 'packages/omemo-core/src/trust/policy.ts',
    find: "verificationPending || known.some(({ level }) => level === 'verified') ? 'undecided' : 'trusted',",
    replace: "verificationPending && known.some(({ level }) => level === 'verified') ? 'undecided' : 'trusted',",
  },
];
