import { fixedBytes, list, optional, recordCodec, struct, u53 } from './codec.ts';

/** Archives are being read, and what that made owed waits for the end (XEP-0384 section 6). Times are milliseconds since 1970. */
export interface CatchUpRecord {
  /** When something became owed last, to within a minute; undefined when nothing waits. */
  readonly owedAt: number | undefined;
  /** Who is reading, in the order they were last heard of. */
  readonly readers: readonly CatchUpReader[];
}

export interface CatchUpReader {
  /** 16 random bytes: a process, or a tab. */
  readonly instance: Uint8Array;
  /** When it read a message last, to within a minute. */
  readonly at: number;
}

export const catchUpRecord = recordCodec<CatchUpRecord>(
  1,
  struct<CatchUpRecord>({
    owedAt: optional(u53),
    readers: list(struct<CatchUpReader>({ instance: fixedBytes(16), at: u53 })),
  }),
);
