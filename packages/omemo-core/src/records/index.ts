/**
 * The stored formats, for tools that read or write an account's records themselves: migration, inspection, conformance.
 * Applications do not need this.
 */
export { type AnnouncementsRecord, announcementsRecord } from './announcements.ts';
export {
  type BundleRecord,
  bundleRecord,
  type DatedSignedPreKey,
  type PreviousSignedPreKey,
  preKeyRecord,
  type RetainedPreKey,
} from './bundle.ts';
export { type CatchUpRecord, catchUpRecord } from './catch-up.ts';
export type { RecordCodec } from './codec.ts';
export {
  type BoxStateRecord,
  boxStateRecord,
  counterRecord,
  debtRecord,
  type InboxRecord,
  inboxRecord,
  type OutboxRecord,
  outboxRecord,
  type StanzaFacts,
  seenRecord,
} from './delivery.ts';
export { type DeviceListRecord, deviceListRecord, type ListedDeviceRecord } from './device-list.ts';
export { type IdentityRecord, identityRecord, type Standing } from './identity.ts';
export { type RecordKeys, recordKeys, type SessionAddress } from './keys.ts';
export { type OptOutRecord, type OptOutRequestRecord, optOutRecord } from './opt-out.ts';
export { type ArchivePosition, positionRecord } from './position.ts';
export { type RoomMember, type RoomRecord, roomRecord } from './room.ts';
export { sessionSetRecord } from './session.ts';
export { type SkippedRecord, skippedRecord } from './skipped.ts';
export { type StrangerDevice, type StrangersRecord, sessionStartsRecord, strangersRecord } from './strangers.ts';
export { type KnownDevice, type KnownIdentityKey, type TrustLevel, type TrustRecord, trustRecord } from './trust.ts';
