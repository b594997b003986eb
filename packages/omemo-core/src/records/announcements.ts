import { optional, recordCodec, struct, u32, u53 } from './codec.ts';

/** How often something was tried, for the pauses in between. */
export interface TriesRecord {
  /** Milliseconds since 1970. */
  readonly lastAt: number;
  /** In a row: after a long while without any the count starts anew. */
  readonly count: number;
}

/** What the device published of itself, and what the server refused (S53). */
export interface AnnouncementsRecord {
  /** How often it was put on the device list of its account. */
  readonly made: TriesRecord | undefined;
  /** How often its bundle was refused since one was taken. */
  readonly refusedBundle: TriesRecord | undefined;
  /** How often it could not be taken off the list, or its bundle not be removed, since that was done. */
  readonly refusedWithdrawal: TriesRecord | undefined;
}

export const noTries: AnnouncementsRecord = {
  made: undefined,
  refusedBundle: undefined,
  refusedWithdrawal: undefined,
};

const tries = optional(struct<TriesRecord>({ lastAt: u53, count: u32 }));

export const announcementsRecord = recordCodec<AnnouncementsRecord>(
  1,
  struct<AnnouncementsRecord>({ made: tries, refusedBundle: tries, refusedWithdrawal: tries }),
);
