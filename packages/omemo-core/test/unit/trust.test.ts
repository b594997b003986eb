import { ed25519ToX25519, identityKeyPairFromSeed } from '@omemo-kit/primitives';
import { describe, expect, test } from 'vitest';
import { policyNames, type TrustLevel } from '../../src/records/trust.ts';
import { fingerprint } from '../../src/trust/fingerprint.ts';
import {
  knownDevice,
  noKeys,
  trustIn,
  trustInDevice,
  withDecision,
  withExpected,
  withSightings,
} from '../../src/trust/known-keys.ts';
import {
  blindTrustBeforeVerification,
  manualTrust,
  namedPolicies,
  type TrustPolicy,
  trustOnFirstUse,
} from '../../src/trust/policy.ts';
import { filled } from '../samples.ts';

const [one, two, three] = [1, 2, 3].map((n) => identityKeyPairFromSeed(filled(32, n)).publicKey) as [
  ReturnType<typeof key>,
  ReturnType<typeof key>,
  ReturnType<typeof key>,
];
function key(n: number) {
  return identityKeyPairFromSeed(filled(32, n)).publicKey;
}
const judge = (policy: TrustPolicy = manualTrust) => ({ policy, jid: 'bob@example.net', own: false, now: 5 });
const seen = (deviceId: number, identityKey: typeof one) => ({ deviceId, identityKey });

describe('what is known of an account’s keys', () => {
  test('a key never seen is undecided', () => {
    expect(trustIn(undefined, one)).toBe('undecided');
    expect(trustIn(noKeys, one)).toBe('undecided');
  });

  test('nothing new leaves the very same record', () => {
    const record = withSightings(noKeys, [seen(1, one)], judge());
    expect(withSightings(record, [seen(1, one)], judge())).toBe(record);
  });

  test('the policy judges with what was known before any of the sightings', () => {
    const record = withSightings(noKeys, [seen(1, one), seen(2, two)], judge(trustOnFirstUse));
    expect([trustIn(record, one), trustIn(record, two)]).toEqual(['trusted', 'trusted']);
    const later = withSightings(record, [seen(3, three)], judge(trustOnFirstUse));
    expect(trustIn(later, three)).toBe('undecided');
  });

  test('a policy sees the account, the key, and whether it is our own', () => {
    const candidates: unknown[] = [];
    const policy: TrustPolicy = {
      decide: (candidate) => {
        candidates.push(candidate);
        return 'undecided';
      },
    };
    withSightings(noKeys, [seen(1, one)], { ...judge(policy), own: true });
    expect(candidates).toEqual([
      { jid: 'bob@example.net', identityKey: one, own: true, known: [], verificationPending: false },
    ]);
  });

  test('a key that differs in the sign bit only is another one, with the same fingerprint (S06)', () => {
    const flipped = Uint8Array.from(one) as typeof one;
    flipped[31]! ^= 0x80;
    const verified = { identityKey: one, level: 'verified', now: 6 } as const;
    const record = withDecision(withSightings(noKeys, [seen(1, one)], judge()), verified);
    expect(trustIn(record, flipped)).toBe('undecided');
    const shown = withSightings(record, [seen(1, flipped), seen(2, flipped)], judge());
    expect([trustInDevice(shown, 1), trustInDevice(shown, 2)]).toEqual(['undecided', 'undecided']);
    expect(knownDevice(shown, 1)?.changedTo).toEqual(flipped);
    expect([fingerprint(flipped), trustIn(shown, one)]).toEqual([fingerprint(one), 'verified']);
  });

  test('one key on two devices is one decision', () => {
    const record = withSightings(noKeys, [seen(1, one), seen(2, one)], judge());
    expect(record.keys).toHaveLength(1);
    expect(trustIn(withDecision(record, { identityKey: one, level: 'verified', now: 6 }), one)).toBe('verified');
  });
});

describe('another key on a known device (S22)', () => {
  const before = withDecision(withSightings(noKeys, [seen(1, one)], judge()), {
    identityKey: one,
    level: 'verified',
    now: 5,
  });

  test('is never taken over, never trusted by a policy, and noted', () => {
    const changed = withSightings(before, [seen(1, two)], judge(blindTrustBeforeVerification));
    expect(knownDevice(changed, 1)).toEqual({ deviceId: 1, identityKey: one, changedTo: two });
    expect([trustIn(changed, one), trustIn(changed, two)]).toEqual(['verified', 'undecided']);
  });

  test('even under a policy that trusts everything', () => {
    const changed = withSightings(before, [seen(1, two)], judge({ decide: () => 'trusted' }));
    expect(trustIn(changed, two)).toBe('undecided');
  });

  test('that another device has and a person trusted is still a change of this one', () => {
    const both = withDecision(withSightings(before, [seen(2, two)], judge()), {
      identityKey: two,
      level: 'verified',
      now: 5,
    });
    expect(knownDevice(withSightings(both, [seen(1, two)], judge()), 1)).toMatchObject({
      identityKey: one,
      changedTo: two,
    });
  });

  test('is the device’s key once a person accepts it, and not before', () => {
    const changed = withSightings(before, [seen(1, two)], judge());
    const undecided = withDecision(changed, { identityKey: two, level: 'undecided', now: 7 });
    expect(knownDevice(undecided, 1)).toMatchObject({ identityKey: one, changedTo: two });
    for (const level of ['trusted', 'verified'] as const) {
      const decided = withDecision(changed, { identityKey: two, level, now: 7 });
      expect(knownDevice(decided, 1)).toEqual({ deviceId: 1, identityKey: two, changedTo: undefined });
    }
  });

  test('rejected by a person is a change no more: the decision on the key before holds, and only a third key is news (S22)', () => {
    const changed = withSightings(before, [seen(1, two)], judge());
    expect(trustInDevice(changed, 1)).toBe('undecided');
    const rejected = withDecision(changed, { identityKey: two, level: 'distrusted', now: 7 });
    expect(knownDevice(rejected, 1)).toEqual({ deviceId: 1, identityKey: one, changedTo: undefined });
    expect([trustInDevice(rejected, 1), trustIn(rejected, two)]).toEqual(['verified', 'distrusted']);
    expect(withSightings(rejected, [seen(1, two)], judge())).toBe(rejected);
    const third = withSightings(rejected, [seen(1, three)], judge());
    expect(knownDevice(third, 1)).toMatchObject({ identityKey: one, changedTo: three });
    expect(trustInDevice(third, 1)).toBe('undecided');
    expect(withSightings(third, [seen(1, two)], judge())).toBe(third);
  });

  test('again and again keeps the newest only', () => {
    let record = before;
    for (let n = 10; n < 60; n++) record = withSightings(record, [seen(1, key(n))], judge());
    expect(record.keys.length).toBeLessThanOrEqual(3);
    expect(knownDevice(record, 1)).toMatchObject({ identityKey: one, changedTo: key(59) });
    expect(trustIn(record, one)).toBe('verified');
  });
});

describe('policies: table of what they say (S52, R132)', () => {
  const known = (...levels: readonly TrustLevel[]) =>
    levels.map((level, index) => ({ identityKey: key(20 + index), level, firstSeenAt: 1 }));
  const states = [
    ['nothing known', known(), false],
    ['a trusted key', known('trusted'), false],
    ['an undecided key', known('undecided'), false],
    ['a distrusted key', known('distrusted'), false],
    ['a verified key', known('verified'), false],
    ['a verified key among others', known('trusted', 'verified', 'distrusted'), false],
    ['a fingerprint compared before its key was met', known(), true],
    ['such a fingerprint beside a trusted key', known('trusted'), true],
  ] as const;
  const yes = 'trusted';
  const no = 'undecided';
  const table = {
    manual: [no, no, no, no, no, no, no, no],
    'trust-on-first-use': [yes, no, no, no, no, no, no, no],
    'blind-trust-before-verification': [yes, yes, yes, yes, no, no, no, no],
  };
  test.each(states.map((state, index) => [state[0], index] as const))('%s', (_, index) => {
    const [, list, verificationPending] = states[index]!;
    const candidate = { jid: 'bob@example.net', identityKey: two, own: false, known: list, verificationPending };
    const said = policyNames.map((name) => [name, namedPolicies[name].decide(candidate)]);
    expect(said).toEqual(policyNames.map((name) => [name, table[name][index]]));
  });
});

describe('fingerprints that were compared before their keys were met', () => {
  const awaiting = withExpected(noKeys, { deviceId: 1, curve25519: ed25519ToX25519(one) }, 2);

  test('make the key verified when it is met, and are forgotten then', () => {
    const met = withSightings(awaiting, [seen(1, one)], judge());
    expect([trustIn(met, one), met.expected]).toEqual(['verified', []]);
  });

  test('do so for no other key, and no device of another key is trusted blindly beside them (S52)', () => {
    const met = withSightings(awaiting, [seen(1, two)], judge(blindTrustBeforeVerification));
    expect([trustIn(met, two), met.expected.length]).toEqual(['undecided', 1]);
  });

  test('are so many at most, the newest', () => {
    let record = noKeys;
    for (let n = 1; n <= 5; n++) {
      record = withExpected(record, { deviceId: n, curve25519: ed25519ToX25519(key(n)) }, 2);
    }
    expect(record.expected.map(({ deviceId }) => deviceId)).toEqual([4, 5]);
  });
});

test('a key that another device of the account is trusted with is not trusted on a device that changed to it (S22)', () => {
  const both = withDecision(withSightings(noKeys, [seen(1, one), seen(2, two)], judge()), {
    identityKey: two,
    level: 'verified',
    now: 5,
  });
  const changed = withSightings(both, [seen(1, two)], judge());
  expect([trustInDevice(changed, 1), trustInDevice(changed, 2)]).toEqual(['undecided', 'verified']);
  const accepted = withDecision(changed, { identityKey: two, level: 'verified', now: 6 });
  expect(trustInDevice(accepted, 1)).toBe('verified');
});
