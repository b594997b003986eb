import type { AudienceDevice, DeviceAddress, SkippedDevice, TrustLevel } from '@omemo-kit/omemo-core';

/** What the commands on a real server tell, as data: `--json` prints one a line, a person gets lines made of it. */
export type Fact =
  | DeviceFact
  | { readonly type: 'account'; readonly jid: string; readonly deviceId: number; readonly records: string }
  | { readonly type: 'policy'; readonly jid: string; readonly policy: string }
  | { readonly type: 'verification-uri'; readonly jid: string; readonly uri: string }
  | SentFact
  | MessageFact
  | NoticeFact
  | { readonly type: 'listening'; readonly jid: string; readonly rooms: readonly string[] }
  | { readonly type: 'room'; readonly jid: string; readonly members: readonly RoomMemberFact[] }
  | ({ readonly type: 'reader' } & ReaderFact)
  | {
      readonly type: 'audience';
      readonly jids: readonly string[];
      readonly readers: number;
      readonly bytes: number;
      readonly unreached: readonly string[];
    }
  | { readonly type: 'replaced'; readonly jid: string; readonly deviceIds: readonly number[] }
  | { readonly type: 'done'; readonly what: string };

export interface DeviceFact extends DeviceAddress {
  readonly type: 'device';
  readonly fingerprint: readonly string[];
  readonly trust: TrustLevel;
  readonly changed: boolean;
  readonly current: boolean;
  readonly listed: boolean;
  readonly label: string | undefined;
}

export interface SentFact {
  readonly type: 'sent';
  readonly id: string;
  readonly to: string;
  /** Devices that can read it. */
  readonly devices: number;
  /** `queued`: it goes out with the next command that connects. */
  readonly delivery: string;
  readonly skipped: readonly Pick<SkippedDevice, 'jid' | 'deviceId' | 'reason'>[];
  /** Members of a room without OMEMO. */
  readonly unreached: readonly string[];
}

export interface MessageFact {
  readonly type: 'message';
  readonly id: string;
  readonly from: string;
  readonly deviceId: number;
  readonly trust: TrustLevel;
  readonly room: string | undefined;
  readonly to: string | undefined;
  /** ISO 8601: when it was sent as far as known, else when it came. */
  readonly at: string;
  readonly via: string;
  /** Messages before it that have not come. */
  readonly missing: number;
  readonly text: string;
}

/** Something that a person should know and that is no message. */
export interface NoticeFact {
  readonly type: 'notice';
  readonly about: string;
  readonly jid: string | undefined;
  readonly text: string;
  readonly id?: string | undefined;
  readonly deviceId?: number | undefined;
}

export interface RoomMemberFact {
  readonly jid: string;
  readonly affiliation: string;
}

export type ReaderFact = Pick<AudienceDevice, 'jid' | 'deviceId' | 'fingerprint' | 'trust' | 'access' | 'keyExchange'>;
