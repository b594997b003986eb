/** One of several that are measured in turns. */
export interface Contender {
  readonly name: string;
  /** One sample: microseconds for one unit; undefined where there is none to be had. */
  sample(): number | undefined | Promise<number | undefined>;
}

/** Microseconds for one unit in one round, by contender. */
export type Round = Readonly<Record<string, number>>;

/** How long to go on. */
export interface Rounds {
  readonly rounds: number;
  /** Rounds before those that count. */
  readonly warmUps?: number;
  /** Passes over all contenders in a round, whose mean is the round's: 1 by default. */
  readonly passes?: number;
  /** After this time there are no more rounds, but there are always `fewestRounds`. */
  readonly longestMs?: number;
  readonly fewestRounds?: number;
}

/**
 * Everybody once in each pass; every pass goes the other way than the one before, so that neither a drift of the machine nor what
 * the one before left behind speaks for anybody.
 */
export async function interleave(contenders: readonly Contender[], options: Rounds): Promise<readonly Round[]> {
  const { rounds, warmUps = 0, passes = 1, longestMs = Number.POSITIVE_INFINITY, fewestRounds = rounds } = options;
  const orders = [contenders, contenders.toReversed()] as const;
  let passesDone = 0;

  async function runRound(): Promise<Round> {
    const spent = new Map<string, number>();
    for (let pass = 0; pass < passes; pass++) {
      for (const { name, sample } of orders[passesDone++ % 2 === 0 ? 0 : 1]) {
        spent.set(name, (spent.get(name) ?? 0) + ((await sample()) ?? Number.NaN));
      }
    }
    const means = [...spent].map(([name, us]) => [name, us / passes] as const);
    return Object.fromEntries(means.filter(([, us]) => !Number.isNaN(us)));
  }

  for (let warmUp = 0; warmUp < warmUps; warmUp++) await runRound();
  const done: Round[] = [];
  const end = performance.now() + longestMs;
  while (done.length < fewestRounds || (done.length < rounds && performance.now() < end)) done.push(await runRound());
  return done;
}
