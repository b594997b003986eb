export type {
  BareJid,
  Envelope,
  OptOut,
  StanzaError,
  StanzaErrorCondition,
  StanzaErrorType,
} from '@omemo-kit/omemo-wire';
export {
  type Ed25519PublicKey,
  type IdentityKeyPair,
  identityKeyPairFromScalar,
  identityKeyPairFromSeed,
} from '@omemo-kit/primitives';
export type { FinishCatchUpOptions } from './account/catch-up.ts';
export type { NewDevice } from './account/create-device.ts';
export type { OwnAccount } from './account/own-account.ts';
export type { ArchivePositions } from './archives/archive-positions.ts';
export type { NodeConfigurationReport } from './debts/node-configuration-report.ts';
export type { SettleFailure } from './debts/settle-failure.ts';
export type { HoldReason } from './delivery/holds.ts';
export type { Delivery } from './delivery/outbox.ts';
export type { OutboxEntry } from './delivery/shown-outbox.ts';
export type { UnsentEvent } from './delivery/unsent-event.ts';
export type { DeviceListEvent } from './devices/device-list-event.ts';
export type { DeviceInfo } from './devices/known-devices.ts';
export { signLabel, verifyLabel } from './devices/labels.ts';
export { isOmemoError, OmemoError, type OmemoErrorCode, type OmemoErrorDetails } from './errors.ts';
export type { OmemoEvents } from './events.ts';
export type { UriFault } from './fingerprints/uri-fault.ts';
export type { OutgoingAnswer } from './iq/answer-iq.ts';
export type { EncryptedIqs } from './iq/encrypted-iqs.ts';
export type { ReadRequest } from './iq/receive-iq.ts';
export type { RequestRefusal, UnreadableAnswer } from './iq/request-failures.ts';
export type { IqAnswer, OutgoingRequest } from './iq/request-iq.ts';
export { defaultLimits, type Limits } from './limits.ts';
export type { DeviceAddress } from './messages/addresses.ts';
export type { Audience, AudienceDevice } from './messages/audience.ts';
export type { Bounced } from './messages/bounce.ts';
export type { Encrypted } from './messages/encrypt.ts';
export type { EncryptedStanza, OutgoingMessage, SentMessage } from './messages/outgoing-message.ts';
export type { OnProgress, Progress } from './messages/progress.ts';
export type { ReceiveResult } from './messages/receive.ts';
export type { ReceiveOptions } from './messages/receive-options.ts';
export type {
  DecryptResult,
  DuplicateMessage,
  EmptyMessage,
  FailedMessage,
  FailureCode,
  Ignored,
  InvalidStanza,
  NotForThisDevice,
  ReadMessage,
  RejectedMessage,
  RejectionReason,
  Sender,
  SenderUnknown,
} from './messages/results.ts';
export type { StanzaMarks } from './messages/stanza-marks.ts';
export { textBody, textOf } from './messages/text.ts';
export type { SkippedDevice, UndecidedDevice, UnreachedMember } from './messages/unreached-devices.ts';
export { Omemo } from './omemo.ts';
export type { AudienceOptions, DevicesOptions, OmemoOptions } from './omemo-options.ts';
export type { ContextOptions } from './open-context.ts';
export type { OptOutEvent, OptOutRequest, OptOutState } from './opt-out/opt-out-state.ts';
export type { OptOuts, OutgoingOptOut, SentOptOut } from './opt-out/opt-outs.ts';
export {
  type Batch,
  type ConfigureRequest,
  type Expectation,
  type FetchRequest,
  type NodeOptions,
  type PublishRequest,
  type PubsubItem,
  type Put,
  type RetractRequest,
  type Store,
  type StoredRecord,
  StoreError,
  type StoreErrorCode,
  type Transport,
  TransportError,
} from './ports/index.ts';
export { type Randomness, systemRandomness } from './ports/randomness.ts';
export type { RollbackCounter } from './ports/rollback-counter.ts';
export { omemo2 } from './profile/omemo2.ts';
export type {
  ElementCodec,
  KeyCodec,
  KeyContent,
  ProtocolProfile,
  SealedPayload,
} from './profile/profile.ts';
export type { OutboxRecord, StanzaFacts } from './records/delivery.ts';
export type { ArchivePosition } from './records/position.ts';
export type { RoomMember, RoomRecord } from './records/room.ts';
export type { PolicyName, TrustLevel } from './records/trust.ts';
export type { Healed, HealOptions } from './rollback/heal.ts';
export type { RollbackWitness } from './rollback/witness.ts';
export type { RoomRules } from './rooms/addressees.ts';
export type { MemberAffiliation } from './rooms/member-affiliation.ts';
export type { SkippedEntry } from './rooms/member-lists.ts';
export type { Membership } from './rooms/members.ts';
export type { MembersDifference } from './rooms/members-difference.ts';
export type { Reflection } from './rooms/reflection.ts';
export type { RefreshedRoom } from './rooms/refresh.ts';
export type { Room } from './rooms/room.ts';
export type { RoomMembersEvent } from './rooms/room-event.ts';
export type { EncryptedRoomMessage, RoomMessage, SentRoomMessage } from './rooms/room-message.ts';
export type { Occupant } from './rooms/room-presence.ts';
export type { Rooms } from './rooms/rooms.ts';
export type { SessionsToReplace } from './sessions/replace.ts';
export type { Session, SessionSet } from './sessions/session.ts';
export type { PolicyChoice } from './trust/choose-policy.ts';
export type { TrustDecision } from './trust/decide.ts';
export { fingerprint } from './trust/fingerprint.ts';
export {
  blindTrustBeforeVerification,
  manualTrust,
  type TrustCandidate,
  type TrustPolicy,
  trustOnFirstUse,
} from './trust/policy.ts';
export type { IdentityChange, NewUndecidedDevices } from './trust/trust-events.ts';
export type { ComparedResult, Verification } from './trust/verify.ts';
