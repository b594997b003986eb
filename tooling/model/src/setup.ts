import * as fc from 'fast-check';

/** How a device judges keys that it meets for the first time. */
export const policies = ['manual', 'first-use', 'blind'] as const;
export type PolicyName = (typeof policies)[number];

export const ACCOUNTS = ['alice@example.org', 'bob@example.net', 'carol@example.com', 'dave@example.org'] as const;

/** Where all of them meet; the first account owns it. */
export const ROOM = 'coven@muc.example.org';

/** The world that a schedule begins in. Plain JSON, so that it can be kept. */
export interface Setup {
  /** Of what all keys and ids are drawn. */
  readonly seed: number;
  /** For each account the policies of its devices. */
  readonly accounts: readonly (readonly PolicyName[])[];
  /** `tight`: a few skipped message keys are too many, so that this is met within 50 steps. */
  readonly skipping: 'usual' | 'tight';
}

export const MAX_DEVICES = 6;

const policy = fc.constantFrom<PolicyName>('blind', 'blind', 'blind', 'first-use', 'manual');

/** Two to four accounts with two to six devices altogether. */
export const anySetup: fc.Arbitrary<Setup> = fc
  .record({
    seed: fc.nat(),
    accounts: fc.array(fc.array(policy, { minLength: 1, maxLength: 3 }), { minLength: 2, maxLength: ACCOUNTS.length }),
    skipping: fc.constantFrom('usual' as const, 'usual' as const, 'tight' as const),
  })
  .filter(({ accounts }) => accounts.flat().length <= MAX_DEVICES);
