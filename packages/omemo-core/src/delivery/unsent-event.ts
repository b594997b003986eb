/**
 * A stanza of the outbox is not sent, and stays there, marked, until `Omemo.resend` sends it all the same, or `Omemo.discard`.
 * Types of events import nothing that works with the store.
 */
export interface UnsentEvent {
  /** Id of the message. */
  readonly id: string;
  /** Bare JID. */
  readonly room: string;
  /** The room has other members than its user approved when it was written (S56). */
  readonly reason: 'membership-changed';
}
