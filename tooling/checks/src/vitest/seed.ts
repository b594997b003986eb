/** The seed of every run that asks for no other: what passes here passes everywhere. */
const USUAL_SEED = 20_260_923;

/**
 * The seed that `OMEMO_SEED` asks for, 0 to 2^31 - 1: a number, or `random` for another one in each run.
 *
 * @throws RangeError for anything else: a misspelt seed must not look like a run with it.
 */
export function seedOf(asked: string | undefined): number {
  if (asked === undefined || asked === '') return USUAL_SEED;
  if (asked === 'random') return Math.floor(Math.random() * 2 ** 31);
  const seed = Number(asked);
  if (/^\d+$/.test(asked) && seed < 2 ** 31) return seed;
  throw new RangeError(`OMEMO_SEED is a number from 0 to 2^31 - 1, or "random"; it was "${asked}"`);
}
