import { list, recordCodec, struct, text, u32, u53 } from './codec.ts';

/** What accounts have used up that we never wrote to and accepted no key of (S17). */
export interface StrangersRecord {
  /** When the allowance for their key exchanges is whole again; milliseconds since 1970. */
  readonly wholeAt: number;
  /** Their devices that something is stored of, oldest first. */
  readonly devices: readonly StrangerDevice[];
  /** Accounts whose device list is cached because an event brought it, or a room had them for members; oldest first. */
  readonly announced: readonly string[];
}

export interface StrangerDevice {
  readonly jid: string;
  readonly deviceId: number;
}

export const strangersRecord = recordCodec<StrangersRecord>(
  1,
  struct<StrangersRecord>({
    wholeAt: u53,
    devices: list(struct<StrangerDevice>({ jid: text, deviceId: u32 })),
    announced: list(text),
  }),
);

/** When the allowances for sessions that are started without being asked are whole again (XEP-0384 section 6, S30). */
export interface SessionStartsRecord {
  /** That of contacts; milliseconds since 1970. */
  readonly wholeAt: number;
  readonly strangersWholeAt: number;
}

export const sessionStartsRecord = recordCodec<SessionStartsRecord>(
  1,
  struct<SessionStartsRecord>({ wholeAt: u53, strangersWholeAt: u53 }),
);
