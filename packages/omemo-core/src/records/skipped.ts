import type { SkippedMessageKey } from '@omemo-kit/double-ratchet';
import { fixedBytes, recordCodec, secret, struct, u32, u53 } from './codec.ts';

/** One skipped message key, a record of its own so that an in-order message touches none. */
export interface SkippedRecord extends SkippedMessageKey {
  /** `Session.received` when it was stored; keys are dropped after 2,000 later messages (XEP-0384 4.3, S26). */
  readonly storedAt: number;
}

export const skippedRecord = recordCodec<SkippedRecord>(
  1,
  struct<SkippedRecord>({
    ratchetKey: fixedBytes(32),
    messageNumber: u32,
    messageKey: secret,
    sequence: u53,
    storedAt: u53,
  }),
);
