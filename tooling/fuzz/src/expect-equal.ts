import { isDeepStrictEqual } from 'node:util';

/** Something that was accepted does not hold what it must. */
export class BrokenPromise extends TypeError {
  override readonly name = 'BrokenPromise';
}

export function expectEqual(found: unknown, wanted: unknown): void {
  if (!isDeepStrictEqual(found, wanted)) throw new BrokenPromise('what was read is not what was written');
}

export function expectThat(holds: boolean, what: string): void {
  if (!holds) throw new BrokenPromise(what);
}
