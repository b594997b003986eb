import { recordCodec, struct, u53 } from './codec.ts';

/**
 * An archive is being read, and what that made owed waits for its end (XEP-0384 section 6). The record's being there says so.
 */
export interface CatchUpRecord {
  /** When something became owed last, to within a minute; milliseconds since 1970. */
  readonly at: number;
}

export const catchUpRecord = recordCodec<CatchUpRecord>(1, struct<CatchUpRecord>({ at: u53 }));
