import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import type { Target } from './target.ts';

export interface FuzzArguments {
  readonly targets: readonly Target[];
  readonly runs: number;
  readonly seed: number;
  readonly from: number;
  readonly workers: number;
  readonly keep: boolean;
}

export const usage = `Usage: pnpm fuzz [--runs N] [--seed N] [--only NAME,...] [--from N] [--workers N] [--keep] [--list]

Feeds every parser, and receive, with mutations of valid input: a million each. --from is the number of the first run, so
that one run can be done again. --keep writes what fails into corpus/, where the tests replay it.`;

/** @throws RangeError for a number that is none, or a target that there is not. */
export function fuzzArguments(args: readonly string[], all: readonly Target[]): FuzzArguments | 'help' | 'list' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      runs: { type: 'string', default: '1000000' },
      seed: { type: 'string', default: '1' },
      from: { type: 'string', default: '0' },
      only: { type: 'string' },
      workers: { type: 'string', default: String(availableParallelism()) },
      keep: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  if (values.list) return 'list';
  const wanted = values.only?.split(',').map((name) => name.trim());
  const chosen = all.filter(({ name }) => wanted?.some((part) => name.startsWith(part)) ?? true);
  if (chosen.length === 0) throw new RangeError(`no target begins with "${values.only}"; --list shows them`);
  return {
    targets: chosen,
    runs: wholeNumber('--runs', values.runs, 1),
    seed: wholeNumber('--seed', values.seed, 0),
    from: wholeNumber('--from', values.from, 0),
    workers: wholeNumber('--workers', values.workers, 1),
    keep: values.keep,
  };
}

function wholeNumber(name: string, given: string, least: number): number {
  const number = Number(given);
  if (Number.isInteger(number) && number >= least && number < 2 ** 31) return number;
  throw new RangeError(`${name} is a whole number from ${least} on; it was "${given}"`);
}
