import type { Ed25519PublicKey } from '@omemo-kit/primitives';
import type { KnownIdentityKey, PolicyName } from '../records/trust.ts';

/** An identity key seen for the first time. */
export interface TrustCandidate {
  /** Bare JID of the account the key belongs to. */
  readonly jid: string;
  readonly identityKey: Ed25519PublicKey;
  /** The account is our own: another device of ours. */
  readonly own: boolean;
  /** What was known of this account before, and what was decided about it. */
  readonly known: readonly KnownIdentityKey[];
  /** A person compared fingerprints of this account whose keys were not met yet. */
  readonly verificationPending: boolean;
}

/**
 * Decides what a new identity key is worth before a person looked at it. Always given explicitly: no policy is the
 * default, because each gives something up (XEP-0384 section 8, R132).
 */
export interface TrustPolicy {
  decide(candidate: TrustCandidate): 'trusted' | 'undecided';
}

/** Every key waits for a person. */
export const manualTrust: TrustPolicy = { decide: () => 'undecided' };

/** The keys an account shows the first time are trusted; every later one waits for a person. */
export const trustOnFirstUse: TrustPolicy = {
  decide: ({ known, verificationPending }) => (known.length === 0 && !verificationPending ? 'trusted' : 'undecided'),
};

/** All keys of an account are trusted until a person verified one of them; from then on new ones wait (S52). */
export const blindTrustBeforeVerification: TrustPolicy = {
  decide: ({ known, verificationPending }) =>
    verificationPending || known.some(({ level }) => level === 'verified') ? 'undecided' : 'trusted',
};

/** The policies that can be chosen for one account. */
export const namedPolicies: Readonly<Record<PolicyName, TrustPolicy>> = {
  manual: manualTrust,
  'trust-on-first-use': trustOnFirstUse,
  'blind-trust-before-verification': blindTrustBeforeVerification,
};
