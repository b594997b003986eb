import { recordCodec, struct, text, u53 } from './codec.ts';

/** How far an archive was read (XEP-0313). */
export interface ArchivePosition {
  /** The archive's id of the newest message that was taken in; empty when the archive was. */
  readonly id: string;
  /** When the archive got a message that was taken in, milliseconds since 1970: where to go on when it lost the id. */
  readonly stamp: number;
}

export const positionRecord = recordCodec<ArchivePosition>(1, struct<ArchivePosition>({ id: text, stamp: u53 }));
