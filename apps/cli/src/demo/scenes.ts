import type { DeviceName, PersonName } from './cast.ts';
import type { Shown } from './chat-device.ts';
import type { RecordsPlace } from './demo-storage.ts';
import type { StanzaView } from './stanza-view.ts';

/** What the demo tells. Every renderer shows each of them in its own way; all values were made by this very run. */
export type Scene =
  | Opening
  | Chapter
  | Introduction
  | Refusal
  | Comparison
  | Exchange
  | Restart
  | Remark
  | Search
  | Summary;

export interface Opening {
  readonly type: 'opening';
  readonly namespace: string;
  /** What runs on the devices of each person. */
  readonly software: Readonly<Record<PersonName, string>>;
  /** Where the devices that run omemo-kit keep their records. */
  readonly records: RecordsPlace;
}

export interface Chapter {
  readonly type: 'chapter';
  readonly number: number;
  readonly title: string;
  readonly about: string;
}

/** Devices that have published what others need to write to them. */
export interface Introduction {
  readonly type: 'introduction';
  readonly devices: readonly {
    readonly name: DeviceName;
    readonly jid: string;
    readonly deviceId: number;
    readonly preKeys: number;
    readonly bundleBytes: number;
  }[];
}

/** A message that was not sent, because of devices nobody has decided on. */
export interface Refusal {
  readonly type: 'refusal';
  readonly by: DeviceName;
  readonly to: PersonName;
  readonly text: string;
  readonly reason: string;
  readonly undecided: readonly {
    readonly name: DeviceName;
    readonly deviceId: number;
    readonly fingerprint: readonly string[];
  }[];
  /** Messages that reached the server while it was tried. */
  readonly messagesAtServer: number;
}

/** Fingerprints, and who found them to be the same on the device's own screen and in the own list. */
export interface Comparison {
  readonly type: 'comparison';
  readonly devices: readonly {
    readonly name: DeviceName;
    readonly deviceId: number;
    readonly fingerprint: readonly string[];
    readonly verifiedBy: readonly DeviceName[];
  }[];
}

/** Texts on their way from one device to all others, past the server. */
export interface Exchange {
  readonly type: 'exchange';
  readonly from: DeviceName;
  readonly to: PersonName;
  readonly texts: readonly string[];
  readonly fate: Fate;
  readonly server: readonly StanzaView[];
  /** What came onto the screens of all devices but the one that wrote. */
  readonly screens: readonly DeviceScreen[];
}

/** What the network does to the recipient's copies. */
export type Fate = 'carried' | 'lost' | 'swapped' | 'doubled';

export interface DeviceScreen {
  readonly name: DeviceName;
  readonly shows: readonly Shown[];
}

/** A device that was switched off, as it came back from its records. */
export interface Restart {
  readonly type: 'restart';
  readonly name: DeviceName;
  readonly deviceId: number;
  /** Ids under which omemo-core had kept messages for it until they are acknowledged: the same as before the end. */
  readonly unacknowledged: readonly string[];
  /** What it had read and not shown, and shows now. */
  readonly shows: readonly Shown[];
}

export interface Remark {
  readonly type: 'remark';
  readonly text: string;
}

/** The plaintexts looked for in all that the server ever saw. */
export interface Search {
  readonly type: 'search';
  readonly stanzas: number;
  readonly bytes: number;
  /** Texts that were looked for as they are, escaped and in base64, and inside what base64 hides. */
  readonly lookedFor: number;
  /** Texts so short or so common that finding them would prove nothing. */
  readonly tooCommon: number;
  /** Messages found to consist of addresses, ids and sealed bytes and nothing else. */
  readonly messagesOfKnownShape: number;
}

export interface Summary {
  readonly type: 'summary';
  readonly sent: number;
  readonly read: number;
  readonly lost: number;
  readonly duplicates: number;
  /** Pairs of devices that share a session. */
  readonly sessions: number;
  readonly devices: number;
  /** Decisions by which one device trusts another. */
  readonly verifications: number;
  readonly stanzas: number;
  readonly bytes: number;
  readonly records: RecordsPlace;
}
