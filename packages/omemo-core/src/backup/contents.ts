import { bytes, list, recordCodec, struct, text, u32, u53 } from '../records/codec.ts';

/** A record as it was stored. Its own codec reads it, so that a backup stays readable as long as the record's schema. */
export interface KeptRecord {
  readonly version: number;
  readonly value: Uint8Array;
}

/**
 * What a backup holds: who the device is and what was decided about others. Never a session or a private pre-key: two
 * devices that go on from one state would use message keys twice (S28).
 */
export interface BackupContents {
  readonly jid: string;
  /** An `IdentityRecord`. */
  readonly identity: KeptRecord;
  /** Ids from here on were not given yet when the backup was made. */
  readonly nextPreKeyId: number;
  readonly nextSignedPreKeyId: number;
  /** A `TrustRecord` for each account. */
  readonly trust: readonly { readonly jid: string; readonly record: KeptRecord }[];
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

const keptRecord = struct<KeptRecord>({ version: u32, value: bytes });

export const backupContents = recordCodec<BackupContents>(
  1,
  struct<BackupContents>({
    jid: text,
    identity: keptRecord,
    nextPreKeyId: u32,
    nextSignedPreKeyId: u32,
    trust: list(struct<BackupContents['trust'][number]>({ jid: text, record: keptRecord })),
    createdAt: u53,
  }),
);
