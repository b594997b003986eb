import type { BareJid } from '@omemo-kit/omemo-wire';
import type { StanzaFacts } from '../records/delivery.ts';
import type { RejectionReason } from './results.ts';

/** An encrypted message as it came, taken apart. */
export interface DecryptRequest {
  /** Bare JID of the sender, vouched for by the caller: the server said so, not the message (S37). */
  readonly from: BareJid;
  /** The sender's device id. */
  readonly sid: number;
  /** Content of this device's `<key>`; undefined when there is none. */
  readonly key: Uint8Array | undefined;
  /** Content of `<payload>`; undefined for an empty message. */
  readonly payload: Uint8Array | undefined;
  readonly content: 'envelope' | 'bytes';
  /** Judges an authentic payload; a reason makes it a rejected message. Pure. */
  judge(payload: Uint8Array): RejectionReason | undefined;
  /** `catch-up`: part of an archive being read; used pre-keys are kept until `finishCatchUp` (XEP-0384 section 6). */
  readonly delivery: 'live' | 'catch-up';
  readonly delayedAt: number | undefined;
  readonly stanza: StanzaFacts | undefined;
}
