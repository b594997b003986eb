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
  /**
   * Milliseconds after which the signed pre-key is replaced, 7 to 30 days; the one before it is kept for as long (XEP-0384 4.2:
   * "once a week to once a month"). A week by default: the sooner an old one goes, the less it is worth to a thief.
   */
  readonly signedPreKeyPeriod: number;
  /**
   * Key exchanges remembered of pre-keys that are kept during catch-up. Beyond it a used pre-key goes at once, as XEP-0384
   * section 8 allows. 1,000 are 32 KB in the bundle's record, and ten senders for each of 100 pre-keys.
   */
  readonly maxRetainedUses: number;
  /**
   * Milliseconds without a message read after which a catch-up that nobody finished is taken to be over. An hour: longer than
   * a process that lives is silent between two pages of an archive, short for a pre-key that outlives its process.
   */
  readonly catchUpSilence: number;
  /** Processes or tabs on one store that are remembered to read archives: more than anybody opens. Who was silent longest goes first. */
  readonly maxCatchUps: number;
  /**
   * Sessions started an hour with contacts because messages came without one (XEP-0384 section 6, S30). Such a message is not
   * authenticated: this is what a server that makes them up can cost our contacts in pre-keys.
   */
  readonly sessionStarts: number;
  /** The same for messages in the name of strangers, of whom anybody makes up as many as they like: contacts keep theirs (S17). */
  readonly strangerSessionStarts: number;
  /** Milliseconds between two such starts with one device: long enough for its answer, also from a phone that sleeps. */
  readonly sessionStartInterval: number;
  /**
   * New sessions an hour from accounts that we never wrote to and accepted no key of (S17): as many as a bundle has
   * pre-keys, so that a flood turns it over once an hour at most. A public service may need more.
   */
  readonly strangerKeyExchanges: number;
  /** Devices of such accounts that sessions are kept with; the oldest goes with all that is stored of it (S17). */
  readonly maxStrangerDevices: number;
  /**
   * Accounts that we never wrote to alone and whose device lists are cached, because an event brought them or a room had them
   * for members. Who is in a room now does not count (S60). What is stored of others goes with their list, oldest first.
   */
  readonly maxAnnouncedLists: number;
  /** Publications of the own bundle an hour; used pre-keys beyond it wait, unless no more than 25 fresh ones are left (S17). */
  readonly bundlePublications: number;
  /**
   * A device that so many messages went to without any from it gets none any more until it is heard of (X50). 1,000 as
   * MAX_SKIP: one that missed as many could not bridge the gap to the next one anyway.
   */
  readonly staleAfter: number;
  /** Pre-keys in the published bundle (XEP-0384 4.2: around 100, at least 25). */
  readonly preKeys: number;
  /** Unacknowledged messages kept for the application. */
  readonly maxInbox: number;
  /** Stanzas kept until the server has them. */
  readonly maxOutbox: number;
  /** Devices of one account that are considered (S60). */
  readonly maxDevices: number;
  /** Fingerprints of an account that were compared before their keys were met; the oldest goes first. As many as devices. */
  readonly maxExpectedKeys: number;
  /** Accounts of one conversation whose wish for plain text is remembered; the oldest goes first (XEP-0384 5.7). */
  readonly maxOptOuts: number;
  /** Code points kept of the reason for an opt-out: a few paragraphs (XEP-0384 5.7). */
  readonly optOutReason: number;
  /**
   * Bytes of a stanza that is sent. Prosody (c2s_stanza_size_limit) and the configuration that comes with ejabberd
   * (max_stanza_size) take 256 KiB, and close the stream when there is more.
   */
  readonly maxStanzaBytes: number;
  /** Members of a room. A key takes 200 to 320 bytes of a stanza: more members than this could not be written to. */
  readonly maxRoomMembers: number;
  /** Occupants of a room that are remembered; of one that is open to the public there may be thousands. */
  readonly maxOccupants: number;
  /** Device lists, or bundles, fetched at the same time. */
  readonly parallelFetches: number;
  /** Milliseconds to keep trying when other writers win. */
  readonly contentionDeadline: number;
  /** Milliseconds another writer has to send what it claimed from the outbox. */
  readonly claimDuration: number;
}

/** Milliseconds. */
export const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export const defaultLimits: Limits = {
  maxSkip: 1_000,
  maxStoredSkipped: 1_000,
  skippedLifetime: 2_000,
  signedPreKeyPeriod: 7 * DAY,
  maxRetainedUses: 1_000,
  catchUpSilence: HOUR,
  maxCatchUps: 16,
  sessionStarts: 20,
  strangerSessionStarts: 20,
  sessionStartInterval: HOUR,
  strangerKeyExchanges: 100,
  maxStrangerDevices: 256,
  maxAnnouncedLists: 500,
  bundlePublications: 60,
  staleAfter: 1_000,
  preKeys: 100,
  maxInbox: 10_000,
  maxOutbox: 10_000,
  maxDevices: 128,
  maxExpectedKeys: 128,
  maxOptOuts: 64,
  optOutReason: 1_000,
  maxStanzaBytes: 262_144,
  maxRoomMembers: 1_000,
  maxOccupants: 5_000,
  parallelFetches: 8,
  contentionDeadline: 10_000,
  claimDuration: 30_000,
};

/** "The bundle MUST always contain at least 25 PreKeys" (XEP-0384 4.2). */
export const MIN_PRE_KEYS = 25;

/** "Signed PreKeys SHOULD be rotated periodically once a week to once a month" (XEP-0384 4.2). */
const SIGNED_PRE_KEY_PERIODS = { shortest: 7 * DAY, longest: 30 * DAY };

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
  const { shortest, longest } = SIGNED_PRE_KEY_PERIODS;
  if (limits.signedPreKeyPeriod < shortest || limits.signedPreKeyPeriod > longest) {
    throw new OmemoError('invalid-argument', 'a signed pre-key is replaced every 7 to 30 days');
  }
  return limits;
}
