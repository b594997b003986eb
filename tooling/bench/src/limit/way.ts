import type { OperationName } from '../operations.ts';

/** Whose way of doing a primitive it is; decides which limits it may count for. */
export type Maker = 'node:crypto' | 'noble' | 'framed by hand';

/** One way to do one primitive. */
export interface Way {
  readonly operation: OperationName;
  readonly name: string;
  readonly maker: Maker;
  /** Does it once, and returns what came out. Keys that a live session keeps ready are ready. */
  readonly run: () => unknown;
}
