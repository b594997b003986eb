import { recordCodec, struct, u32, u53 } from './codec.ts';

/** How often the device was put on the device list of its account, for the pauses in between (S53). */
export interface AnnouncementsRecord {
  /** Milliseconds since 1970. */
  readonly lastAt: number;
  /** In a row: after a long while on the list the count starts anew. */
  readonly count: number;
}

export const announcementsRecord = recordCodec<AnnouncementsRecord>(
  1,
  struct<AnnouncementsRecord>({ lastAt: u53, count: u32 }),
);
