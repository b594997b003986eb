export interface ReceiveOptions {
  /** Bare JID of who sent it, where the stanza's `from` is a room's occupant. */
  readonly sender?: string;
  /** `catch-up`: an archive is being read; call `finishCatchUp` after it. Default `live`. */
  readonly delivery?: 'live' | 'catch-up';
}
