import { flag, list, optional, recordCodec, struct, text, u32, u53 } from './codec.ts';

/** One account's wish to go on in plain text (XEP-0384 5.7), as the newest of its devices put it. */
export interface OptOutRequestRecord {
  /** Bare JID of the account: the contact, a member of the room, or our own. */
  readonly from: string;
  readonly deviceId: number;
  /** For the user, as it was written; cut to the limit. */
  readonly reason: string | undefined;
  /** Milliseconds since 1970, this device's clock. */
  readonly receivedAt: number;
  /** `time` of its envelope, the sender's clock; what the account writes later than that ends it. */
  readonly sentAt: number | undefined;
}

/** A conversation, with a contact or in a room, that somebody asked plain text for. It holds at least one request. */
export interface OptOutRecord {
  /** Bare JID of the contact or room. */
  readonly jid: string;
  readonly requests: readonly OptOutRequestRecord[];
  /** The user of this device agreed: plain text it is. Before that nothing is to be sent at all (XEP-0384 5.7). */
  readonly confirmed: boolean;
}

export const optOutRecord = recordCodec<OptOutRecord>(
  1,
  struct<OptOutRecord>({
    jid: text,
    requests: list(
      struct<OptOutRequestRecord>({
        from: text,
        deviceId: u32,
        reason: optional(text),
        receivedAt: u53,
        sentAt: optional(u53),
      }),
    ),
    confirmed: flag,
  }),
);
