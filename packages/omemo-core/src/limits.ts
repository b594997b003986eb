import { OmemoError } from './errors.ts';

/**
 * What a peer, a server or an absent application can make large. Callers may lower every one.
 */
export interface Limits {
  /** Skipped message keys one message may open (XEP-0384 4.3, MAX_SKIP). */
  readonly maxSkip: number;
  /** Skipped message keys stored for a session; the oldest go first (XEP-0384 4.3). */
  readonly maxStoredSkipped: number;
  /** A skipped key is dropped after so many later messages of its session (S26). */
  readonly skippedLifetime: number;
  /** Pre-keys in the published bundle (XEP-0384 4.2: around 100, at least 25). */
  readonly preKeys: number;
  /** Unacknowledged messages kept for the application. */
  readonly maxInbox: number;
  /** Stanzas kept until the server has them. */
  readonly maxOutbox: number;
  /** Devices of one account that are considered (S60). */
  readonly maxDevices: number;
  /** Accounts of one conversation whose wish for plain text is remembered; the oldest goes first (XEP-0384 5.7). */
  readonly maxOptOuts: number;
  /** Code points kept of the reason for an opt-out: a few paragraphs (XEP-0384 5.7). */
  readonly optOutReason: number;
  /** Bundles fetched at the same time. */
  readonly parallelFetches: number;
  /** Milliseconds to keep trying when other writers win. */
  readonly contentionDeadline: number;
  /** Milliseconds another writer has to send what it claimed from the outbox. */
  readonly claimDuration: number;
}

export const defaultLimits: Limits = {
  maxSkip: 1_000,
  maxStoredSkipped: 1_000,
  skippedLifetime: 2_000,
  preKeys: 100,
  maxInbox: 10_000,
  maxOutbox: 10_000,
  maxDevices: 128,
  maxOptOuts: 64,
  optOutReason: 1_000,
  parallelFetches: 8,
  contentionDeadline: 10_000,
  claimDuration: 30_000,
};

/** "The bundle MUST always contain at least 25 PreKeys" (XEP-0384 4.2). */
const MIN_PRE_KEYS = 25;

/** The limits in force. @throws OmemoError `invalid-argument` for one that is no positive integer, or too few pre-keys. */
export function limitsWith(overrides: Partial<Limits> = {}): Limits {
  const limits = { ...defaultLimits, ...overrides };
  for (const [name, value] of Object.entries(limits)) {
    if (Number.isSafeInteger(value) && value > 0) continue;
    throw new OmemoError('invalid-argument', `the limit ${name} is to be a positive integer`);
  }
  if (limits.preKeys < MIN_PRE_KEYS) {
    throw new OmemoError('invalid-argument', `a bundle holds at least ${MIN_PRE_KEYS} pre-keys`);
  }
  return limits;
}
