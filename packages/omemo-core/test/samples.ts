import { identityKeyPairFromSeed, Secret, x25519KeyPair } from '@omemo-kit/primitives';
import { generateSignedPreKey } from '@omemo-kit/x3dh';
import type { DatedSignedPreKey } from '../src/records/bundle.ts';
import type {
  BundleRecord,
  DeviceListRecord,
  IdentityRecord,
  InboxRecord,
  OptOutRecord,
  OutboxRecord,
  SkippedRecord,
  TrustRecord,
} from '../src/records/index.ts';
import { noSessions, type Session, type SessionSet } from '../src/sessions/session.ts';

/** Bytes that tell where they belong. */
export const filled = (length: number, value: number) => new Uint8Array(length).fill(value);

export const identity = identityKeyPairFromSeed(filled(32, 7));
export const otherIdentity = identityKeyPairFromSeed(filled(32, 8));
const keyPair = (value: number) => x25519KeyPair(filled(32, value));

export function session(value: number, more: Partial<Session> = {}): Session {
  return {
    id: filled(32, value),
    role: 'initiator',
    identityKey: otherIdentity.publicKey,
    ephemeralKey: keyPair(value).publicKey,
    signedPreKeyId: 1,
    preKeyId: value,
    confirmed: false,
    proven: false,
    standing: 'live',
    received: 0,
    heartbeatFor: keyPair(12).publicKey,
    ratchet: {
      rootKey: new Secret(filled(32, 1)),
      ownRatchetKey: keyPair(2),
      otherRatchetKey: keyPair(3).publicKey,
      sendingChain: { key: new Secret(filled(32, 4)), messageNumber: 5 },
      receivingChain: undefined,
      previousChainLength: 6,
      heldMessageKey: { ratchetKey: filled(32, 9), messageNumber: 10, messageKey: new Secret(filled(32, 11)) },
      skippedCount: 12,
      skippedSequence: 13,
    },
    ...more,
  };
}

export function setOf(...sessions: Session[]): SessionSet {
  return { ...noSessions, sessions };
}

const signedPreKey: DatedSignedPreKey = {
  ...generateSignedPreKey({ id: 1, identityKeyPair: identity }),
  createdAt: 1_000,
};

/** One value of each record. */
export const samples = {
  boxStateRecord: { count: 3, nextSequence: 2 ** 40 },
  bundleRecord: {
    signedPreKey,
    previousSignedPreKeys: [
      { ...signedPreKey, replacedAt: 5 },
      { ...signedPreKey, id: 2, replacedAt: undefined },
    ],
    nextSignedPreKeyId: 2,
    nextPreKeyId: 102,
    preKeys: [
      { id: 1, publicKey: filled(32, 1) },
      { id: 0xffff_ffff, publicKey: filled(32, 2) },
    ],
    retained: [{ id: 9, usedBy: [filled(32, 3)] }],
    dirty: true,
    usedSincePublished: 3,
    publicationsWholeAt: 9,
  },
  announcementsRecord: {
    made: { lastAt: 8, count: 3 },
    refusedBundle: { lastAt: 9, count: 1 },
    refusedWithdrawal: undefined,
  },
  catchUpRecord: { owedAt: 4, readers: [{ instance: new Uint8Array(16).fill(7), at: 5 }] },
  counterRecord: { value: 12 },
  debtRecord: { since: 1_700_000_000_000 },
  deviceListRecord: {
    devices: [
      { id: 1, label: 'Büro', labelSignature: filled(64, 1) },
      { id: 2, label: undefined, labelSignature: undefined },
    ],
    updatedAt: 5,
    stale: true,
  },
  identityRecord: {
    jid: 'alice@example.org',
    deviceId: 0x7fff_ffff,
    identityKeyPair: identity,
    label: undefined,
    createdAt: 1,
    announcedAt: 2,
    formerDeviceIds: [1, 7],
    rolledBack: 'counter' as const,
    standing: 'withdrawing' as const,
  },
  inboxRecord: {
    id: 'x',
    sequence: 1,
    from: 'bob@example.net',
    deviceId: 4,
    identityKey: otherIdentity.publicKey,
    trust: 'verified' as const,
    listed: true,
    receivedAt: 1,
    delayedAt: undefined,
    order: 'late' as const,
    missing: 3,
    payload: filled(3, 1),
    content: 'envelope' as const,
    rejected: 'to-mismatch',
    stanza: { via: 'archive', id: undefined, type: 'chat', from: 'bob@example.net/x', to: undefined },
  },
  outboxRecord: {
    id: 'y',
    sequence: 2,
    stanza: '<message/>',
    conversation: 'bob@example.net',
    approved: '00112233',
    createdAt: 1,
    claimedUntil: 2,
    claimedBy: filled(16, 1),
    attempts: 3,
    empty: false,
    bounced: 'service-unavailable',
  },
  optOutRecord: {
    jid: 'bob@example.net',
    requests: [{ from: 'bob@example.net', deviceId: 4, reason: 'a record is required', receivedAt: 2, sentAt: 1 }],
    confirmed: true,
  },
  positionRecord: { id: 'newest', stamp: 1_700_000_000_000 },
  preKeyRecord: { id: 5, keyPair: keyPair(5) },
  roomRecord: {
    jid: 'room@muc.example.org',
    anonymity: 'non-anonymous',
    access: 'open',
    occupantIds: true,
    lists: 'stale',
    refused: ['owner'],
    members: [
      { jid: 'alice@example.org', affiliation: 'admin' },
      { jid: 'bob@example.net', affiliation: 'member' },
    ],
  } as const,
  sessionStartsRecord: { wholeAt: 7, strangersWholeAt: 8 },
  seenRecord: [filled(16, 1), filled(16, 2)],
  sessionSetRecord: {
    ...setOf(session(1), session(2, { role: 'recipient', standing: 'retired' })),
    lastHeard: filled(32, 1),
    unanswered: 8,
  },
  strangersRecord: {
    wholeAt: 6,
    devices: [{ jid: 'mallory@example.com', deviceId: 1 }],
    announced: ['carol@example.com'],
  },
  skippedRecord: {
    ratchetKey: filled(32, 1),
    messageNumber: 2,
    messageKey: new Secret(filled(32, 3)),
    sequence: 4,
    storedAt: 5,
  },
  trustRecord: {
    policy: 'trust-on-first-use' as const,
    writtenTo: true,
    keys: [{ identityKey: identity.publicKey, level: 'trusted' as const, firstSeenAt: 1 }],
    devices: [{ deviceId: 1, identityKey: identity.publicKey, changedTo: otherIdentity.publicKey }],
    expected: [{ deviceId: 2, curve25519: filled(32, 4) }],
  },
} satisfies {
  bundleRecord: BundleRecord;
  deviceListRecord: DeviceListRecord;
  identityRecord: IdentityRecord;
  inboxRecord: InboxRecord;
  optOutRecord: OptOutRecord;
  outboxRecord: OutboxRecord;
  sessionSetRecord: SessionSet;
  skippedRecord: SkippedRecord;
  trustRecord: TrustRecord;
} & Record<string, unknown>;
