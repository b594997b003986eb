/** Who asked for plain text, and why (XEP-0384 5.7). */
export interface OptOutRequest {
  /** Bare JID of the account; our own when another device of ours, or this one, opted out. */
  readonly jid: string;
  /** The device that wrote it. */
  readonly deviceId: number;
  /** For the user, as it was written: text of somebody else. */
  readonly reason: string | undefined;
  /** Milliseconds since 1970, this device's clock. */
  readonly receivedAt: number;
}

/** A conversation that is to go on in plain text. */
export interface OptOutState {
  /** Bare JID of the contact or room. */
  readonly jid: string;
  /** One for each account that asked, oldest first. */
  readonly requests: readonly OptOutRequest[];
  /**
   * `false`: the user has not agreed yet, and nothing at all is to be sent there, plain text least of all. `true`: the user
   * agreed; what is sent there is plain text, and not the work of this library.
   */
  readonly confirmed: boolean;
}

/** Somebody asked for plain text, or writes with OMEMO again. Types of events import nothing that works with the store. */
export interface OptOutEvent {
  /** Bare JID of the contact or room. */
  readonly jid: string;
  readonly change: 'asked' | 'ended';
  /** Whose device did it. */
  readonly by: OptOutRequest;
  /** What holds for the conversation now; undefined when nobody's wish is left. */
  readonly state: OptOutState | undefined;
}
