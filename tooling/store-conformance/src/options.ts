import type { Store } from '@omemo-kit/omemo-core/ports';

/** What is to be tested, and what it can do. */
export interface StoreConformanceOptions {
  /** Title of the suite. */
  readonly name: string;

  /**
   * Opens a store on the data of this place, which is empty when it is named for the first time. A place is a short word
   * of `a` to `z`, `0` to `9` and `-`, good for a file or database name; each check has places of its own.
   */
  open(place: string): Store | Promise<Store>;

  /** Removes a place, with every store on it closed. */
  remove?(place: string): void | Promise<void>;

  /** `one`: a place can be open only once at a time. `several` when left out: tabs, workers and processes share one. */
  readonly openers?: 'one' | 'several';

  /** `forgets`: nothing outlives the last close. `keeps` when left out. */
  readonly reopening?: 'keeps' | 'forgets';

  /**
   * Ends everything that has this place open as a killed process or a power cut would, without closing it; then `open`
   * must find every commit that had resolved. Not checked when left out.
   */
  crash?(place: string): void | Promise<void>;

  /**
   * Opens a place that has room for some 256 KiB, so that a commit of 1 MiB must fail with `quota` while one of 1 KiB goes
   * through. Not checked when left out.
   */
  openSmall?(place: string): Store | Promise<Store>;

  /**
   * Marks the closed place as written by a newer release, so that opening it, or the first call, must fail with
   * `newer-schema`. Not checked when left out.
   */
  makeNewer?(place: string): void | Promise<void>;

  /**
   * What stores of this kind cannot have, so that nobody is to miss it: its checks are left out. Checks of what is only not
   * offered are skipped, and reported so.
   */
  readonly lacks?: readonly Capability[];

  /** Longest time a check may take in the vitest suite, milliseconds; 60,000 when left out. */
  readonly timeout?: number;
}

/** What a check can ask of a store beyond the plain contract. */
export type Capability = 'several openers' | 'reopening' | 'crash' | 'small place' | 'newer release';

/** Whether the options offer it. */
export function offers(options: StoreConformanceOptions, capability: Capability): boolean {
  switch (capability) {
    case 'several openers':
      return options.openers !== 'one';
    case 'reopening':
      return options.reopening !== 'forgets';
    case 'crash':
      return options.crash !== undefined;
    case 'small place':
      return options.openSmall !== undefined;
    case 'newer release':
      return options.makeNewer !== undefined;
  }
}
