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
  /** The room it was written in; undefined outside of rooms. */
  readonly room: BareJid | undefined;
  /**
   * `inbox`: what is read is kept until the application acknowledges it. `hand-over`: it is only returned. So it is with an IQ:
   * who asked learns that no answer came, and what another process finds in a store later nobody waits for any more.
   */
  readonly keep: 'inbox' | 'hand-over';
  /**
   * Judges an authentic payload; a reason makes it a rejected message, and `elsewhere` says that it belongs into a stanza of
   * another kind, so that nothing of it is consumed. Pure.
   */
  judge(payload: Uint8Array): RejectionReason | 'elsewhere' | undefined;
  /** `catch-up`: part of an archive being read; used pre-keys are kept until `finishCatchUp` (XEP-0384 section 6). */
  readonly delivery: 'live' | 'catch-up';
  readonly delayedAt: number | undefined;
  readonly stanza: StanzaFacts | undefined;
}
