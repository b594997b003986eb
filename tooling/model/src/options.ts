import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';

export interface ModelArguments {
  readonly schedules: number;
  readonly seed: number;
  readonly minutes: number;
  readonly workers: number;
  readonly keep: boolean;
}

export const usage = `Usage: pnpm model [--schedules N] [--seed N] [--minutes M] [--workers N] [--long] [--keep]

Runs random schedules of 50 steps against the model, as many as fit into four minutes. --long: 10,000, however long it
takes. --keep adds a schedule that fails, as short as it can be made, to regressions.json, which the tests replay.`;

const LONG = 10_000;
const USUAL_MINUTES = 4;

/** @throws RangeError for a number that is none. */
export function modelArguments(args: readonly string[]): ModelArguments | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      schedules: { type: 'string' },
      seed: { type: 'string', default: '1' },
      minutes: { type: 'string' },
      workers: { type: 'string', default: String(availableParallelism()) },
      long: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  const asked = values.schedules ?? (values.long ? String(LONG) : undefined);
  const minutes = values.minutes ?? (asked === undefined ? String(USUAL_MINUTES) : undefined);
  return {
    schedules: asked === undefined ? Number.POSITIVE_INFINITY : numberFrom(1, '--schedules', asked),
    minutes: minutes === undefined ? Number.POSITIVE_INFINITY : numberFrom(1, '--minutes', minutes),
    seed: numberFrom(0, '--seed', values.seed),
    workers: numberFrom(1, '--workers', values.workers),
    keep: values.keep,
  };
}

function numberFrom(least: number, name: string, given: string): number {
  const number = Number(given);
  if (Number.isInteger(number) && number >= least && number < 2 ** 31) return number;
  throw new RangeError(`${name} is a whole number from ${least} on; it was "${given}"`);
}
