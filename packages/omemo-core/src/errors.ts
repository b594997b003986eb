import type { UriFault } from './fingerprints/uri-fault.ts';
import type { RequestRefusal, UnreadableAnswer } from './iq/request-failures.ts';
import type { DeviceAddress } from './messages/addresses.ts';
import type { SkippedDevice, UndecidedDevice } from './messages/unreached-devices.ts';
import type { OptOutState } from './opt-out/opt-out-state.ts';
import type { RollbackWitness } from './rollback/witness.ts';
import type { MemberAffiliation } from './rooms/member-affiliation.ts';
import type { MembersDifference } from './rooms/members-difference.ts';

/**
 * What the calls of omemo-core throw.
 *
 * - `undecided-devices`: sending waits for a trust decision (XEP-0384 section 8); `details.devices` lists them.
 * - `no-devices`: a recipient has no device left that could read the message; `details.jids` names them and
 *   `details.skipped` says why.
 * - `device-list-unavailable`: it is not cached, and the server could not be asked; try again later.
 * - `bundle-unavailable`: a session was to be built and the device's bundle could not be used.
 * - `opted-out`: somebody asked for plain text in this conversation (XEP-0384 5.7); `details` say who, why, and whether the
 *   user has agreed. See `Omemo.optOut`.
 * - `not-opted-out`: nobody asks for plain text there, or not any more.
 * - `request-refused`: the device that was asked answered an encrypted IQ with an error, in `details`.
 * - `answer-unreadable`: an encrypted IQ was answered in the clear, or with what cannot be read; `details` say why.
 * - `room-anonymous`: the room does not tell everybody who its occupants are; nothing is encrypted there (XEP-0384 5.8).
 * - `room-open`: anybody may enter the room; to be allowed with `open: 'allow'`.
 * - `room-unknown`: who is in the room has to be asked first, by `Room.refresh` once it is entered; or the room does not show the
 *   lists in `details.refused`.
 * - `room-too-large`: it has more members than one message can be for.
 * - `stanza-too-large`: for so many devices, or with so much content, a message would be larger than servers take.
 * - `membership-changed`: the room has other members than were approved; `details` say who came and who went.
 * - `inbox-full`, `outbox-full`: refused before anything was consumed; acknowledge or flush first.
 * - `contention`: other writers of this account kept winning until the deadline.
 * - `corrupt-record`: a stored value is not what this code wrote.
 * - `newer-schema`: a stored value was written by a newer release.
 * - `different-account`: the store's account has another JID than the one given.
 * - `store-rolled-back`: the store is an old copy of itself, and going on with it would use message keys twice;
 *   `details.witness` says what showed it, and `heal` is the way out.
 * - `witness-unavailable`: the rollback counter could not be read or raised; nothing left the device.
 * - `account-exists`: a backup is to be restored where the account is already.
 * - `backup-unreadable`: it is no backup, damaged, or not protected by this passphrase or key.
 * - `device-id-taken`: no free device id was found before first publication (XEP-0384 section 6).
 * - `own-list-unusable`: the device list of the own account cannot be read, or has no room for this device, as `details.reason` says;
 *   `OwnAccount.replaceDeviceList` puts this device alone on it, `removeDevices` makes room on a full one.
 * - `publication-failed`: the server did not keep what was published.
 * - `announcement-delayed`: somebody takes this device off the device list again and again; it is put back at `details.until`.
 * - `publication-delayed`: the server refuses the bundle, or the removal of this device, again and again; it is tried at `details.until`.
 * - `deactivated`: OMEMO is not in use on this device, see `OwnAccount.deactivate`; `activate` ends that.
 * - `unreadable-uri`: it is not the URI of an account's identity keys; `details.reason` says why.
 * - `not-authentic`: sealed bytes are not what their sender sealed; one text for every way to fail.
 * - `aborted`, `closed`: the caller's signal, or `close()`.
 * - `invalid-argument`: the call itself is wrong.
 */
export type OmemoErrorCode =
  | 'undecided-devices'
  | 'no-devices'
  | 'device-list-unavailable'
  | 'bundle-unavailable'
  | 'opted-out'
  | 'not-opted-out'
  | 'request-refused'
  | 'answer-unreadable'
  | 'room-anonymous'
  | 'room-open'
  | 'room-unknown'
  | 'room-too-large'
  | 'stanza-too-large'
  | 'membership-changed'
  | 'inbox-full'
  | 'outbox-full'
  | 'contention'
  | 'corrupt-record'
  | 'newer-schema'
  | 'different-account'
  | 'store-rolled-back'
  | 'witness-unavailable'
  | 'account-exists'
  | 'backup-unreadable'
  | 'device-id-taken'
  | 'own-list-unusable'
  | 'publication-failed'
  | 'announcement-delayed'
  | 'publication-delayed'
  | 'deactivated'
  | 'unreadable-uri'
  | 'not-authentic'
  | 'aborted'
  | 'closed'
  | 'invalid-argument';

/** What the `details` of an error hold, by its code. */
export interface OmemoErrorDetails {
  readonly 'undecided-devices': { readonly devices: readonly UndecidedDevice[] };
  readonly 'no-devices': { readonly jids: readonly string[]; readonly skipped: readonly SkippedDevice[] };
  readonly 'device-list-unavailable': { readonly jid: string };
  readonly 'bundle-unavailable': DeviceAddress;
  readonly 'opted-out': OptOutState;
  readonly 'request-refused': RequestRefusal;
  readonly 'answer-unreadable': UnreadableAnswer;
  readonly 'room-anonymous': { readonly room: string };
  readonly 'room-open': { readonly room: string };
  readonly 'room-unknown': { readonly room: string; readonly refused: readonly MemberAffiliation[] };
  readonly 'room-too-large': { readonly room: string; readonly limit: number };
  readonly 'stanza-too-large': { readonly bytes: number; readonly limit: number };
  readonly 'membership-changed': MembersDifference & { readonly room: string };
  readonly 'store-rolled-back': { readonly witness: RollbackWitness };
  readonly 'own-list-unusable': { readonly reason: 'unreadable' | 'full' };
  readonly 'announcement-delayed': {
    /** Milliseconds since 1970. */
    readonly until: number;
  };
  readonly 'publication-delayed': {
    /** Milliseconds since 1970. */
    readonly until: number;
  };
  readonly 'unreadable-uri': { readonly reason: UriFault };
  readonly contention: { readonly keys: readonly string[] };
}

type DetailsOf<Code extends OmemoErrorCode> = Code extends keyof OmemoErrorDetails
  ? OmemoErrorDetails[Code]
  : undefined;

export class OmemoError<Code extends OmemoErrorCode = OmemoErrorCode> extends Error {
  override readonly name = 'OmemoError';
  readonly code: Code;
  readonly details: DetailsOf<Code>;

  constructor(code: Code, message: string, options: ErrorOptions & { readonly details?: DetailsOf<Code> } = {}) {
    super(message, options);
    this.code = code;
    this.details = options.details as DetailsOf<Code>;
  }
}

/** Whether something thrown is an OmemoError, of this code; its `details` are typed then. */
export function isOmemoError<Code extends OmemoErrorCode>(error: unknown, code: Code): error is OmemoError<Code> {
  return error instanceof OmemoError && error.code === code;
}
