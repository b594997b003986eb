/** Whether a peer can be started here, and if not, what to do about it. */
export type PeerAvailability =
  | { readonly available: true }
  | { readonly available: false; readonly reason: string; readonly install: string };
