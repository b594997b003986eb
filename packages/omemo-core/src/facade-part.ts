import type { AccountContext } from './context.ts';

/** What the parts of an Omemo that are objects of their own get of it: `omemo.iq`, `omemo.optOut`. */
export interface FacadePart {
  readonly context: AccountContext;
  /** @throws OmemoError `closed`. */
  assertOpen(): void;
  /** Something may be owed now. */
  settleSoon(): void;
}
