import type { Ed25519PublicKey } from '@omemo-kit/primitives';
import type { Element } from 'ltx';
import type { DeviceKind, DeviceName, Person } from './cast.ts';

/** A device in somebody's hands, whatever software runs on it. */
export interface ChatDevice {
  readonly owner: Person;
  readonly kind: DeviceKind;
  readonly name: DeviceName;
  /** What runs on it, with its version where it has one. */
  readonly software: string;
  readonly fullJid: string;
  readonly deviceId: number;
  /** Its own key as its own screen shows it: eight groups of eight hex digits. */
  readonly fingerprint: readonly string[];
  /** Encrypts a text to a person's devices and the owner's other ones, and sends it. */
  send(message: OutgoingText): Promise<SendOutcome>;
  /** The devices of a person as this device knows them, itself left out. */
  knownDevices(person: Person): Promise<readonly KnownDevice[]>;
  /** Somebody compared the fingerprint and it was the same. */
  verify(device: KnownDevice): Promise<void>;
  /** Reads a stanza from the server's archive. */
  readArchived(stanza: Element): Promise<void>;
  /** What came onto the screen since the last call, in this order. */
  takeShown(): readonly Shown[];
  /** Answers and publishes what it owes. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

export interface OutgoingText {
  readonly to: Person;
  readonly text: string;
  /** Id of the stanza. */
  readonly id: string;
}

export interface KnownDevice {
  readonly owner: Person;
  readonly deviceId: number;
  readonly identityKey: Ed25519PublicKey;
  readonly fingerprint: readonly string[];
  /** Whether it still waits for a decision. */
  readonly trust: 'undecided' | 'decided';
}

export type SendOutcome =
  | { readonly type: 'sent' }
  | {
      readonly type: 'refused';
      /** In the words of the software. */
      readonly reason: string;
      readonly undecided: readonly KnownDevice[];
    };

/** Something that a screen shows. `id`: that of the stanza. */
export type Shown =
  | {
      readonly type: 'text';
      readonly id: string;
      readonly from: string;
      readonly text: string;
      /** Messages of the sender's device that should have come before this one and did not. */
      readonly missing: number;
      /** `late`: a later message was here first. */
      readonly order: 'in-order' | 'late';
    }
  /** A message that was shown before: nothing new on the screen. */
  | { readonly type: 'duplicate'; readonly id: string }
  /** It holds no key for this device. */
  | { readonly type: 'not-for-this-device'; readonly id: string }
  | { readonly type: 'failed'; readonly id: string; readonly reason: string };
