import type { Store } from '@omemo-kit/omemo-core/ports';

export interface OpenedStore {
  readonly store: Store;
  /** What the backend itself finds wrong with what it holds; empty when all is well. */
  integrityProblems(): Promise<readonly string[]>;
  /** Closes the store and what was opened for it. */
  close(): Promise<void>;
}
