import type { Store, TrustPolicy } from '@omemo-kit/omemo-core';

/** What breaks on purpose, to see that it is noticed. */
export interface Sabotage {
  /** Puts something between a device and its store. */
  readonly store?: (store: Store) => Store;
  /** Takes the place of the policies. */
  readonly policy?: TrustPolicy;
}
