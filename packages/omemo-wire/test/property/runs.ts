/** The seed of every property here, so that a failure comes again. */
const SEED = 0x384;

/** How many times more to run: `OMEMO_MUTATIONS=100 vitest run packages/omemo-wire` tries two million mutations and more. */
const TIMES = Number(process.env['OMEMO_MUTATIONS'] ?? 1);

/** Parameters for `fc.assert`: this many runs, or the multiple asked for in the environment. */
export function runs(count: number): { readonly seed: number; readonly numRuns: number } {
  return { seed: SEED, numRuns: Math.max(1, Math.round(count * TIMES)) };
}
