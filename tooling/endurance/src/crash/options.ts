import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import type { Defect } from './victim/messages.ts';

export const STORES = ['sqlite', 'indexeddb', 'postgres'] as const;
export type StoreName = (typeof STORES)[number];

/** Cycles of a run in CI, and of the long one on request. */
const CYCLES: Readonly<Record<'ci' | 'long', Readonly<Record<StoreName, number>>>> = {
  ci: { sqlite: 60, indexeddb: 10, postgres: 5 },
  long: { sqlite: 5_000, indexeddb: 100, postgres: 50 },
};

export interface CrashOptions {
  readonly stores: readonly StoreName[];
  readonly cycles: Readonly<Record<StoreName, number>>;
  readonly seed: number;
  readonly defect: Defect | undefined;
}

export const USAGE = `usage: crash [--store sqlite|indexeddb|postgres|all] [--cycles N | --long] [--seed N]
             [--break split-commit|early-ciphertext]

Kills a process that sends and receives, starts it again on what it stored, and looks at what must hold.
  --store    the store under test; default all
  --cycles   kills of SQLite; IndexedDB gets a sixth of them and PostgreSQL a twelfth, unless --store names one.
             Default 60 (10, 5)
  --long     5000, 100 and 50 cycles
  --seed     the kills of an earlier run again
  --break    something that is wrong on purpose: the run has to find it, and fails`;

/** @throws TypeError for arguments that say nothing. */
export function readOptions(args: readonly string[]): CrashOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      store: { type: 'string', default: 'all' },
      cycles: { type: 'string' },
      long: { type: 'boolean', default: false },
      seed: { type: 'string' },
      break: { type: 'string' },
    },
  });
  const stores = STORES.filter((store) => values.store === 'all' || values.store === store);
  if (stores.length === 0) throw new TypeError(`--store ${values.store} is none of ${STORES.join(', ')}, all`);
  if (values.cycles !== undefined && values.long) throw new TypeError('--long has cycles of its own');
  const seed = values.seed === undefined ? randomInt(2 ** 32) : wholeNumber('--seed', values.seed);
  return { stores, cycles: cyclesOf(values, stores), seed, defect: defectOf(values.break) };
}

function cyclesOf(
  { cycles, long }: { readonly cycles?: string | undefined; readonly long: boolean },
  stores: readonly StoreName[],
): Readonly<Record<StoreName, number>> {
  if (cycles === undefined) return CYCLES[long ? 'long' : 'ci'];
  const count = wholeNumber('--cycles', cycles);
  if (stores.length === 1) return { sqlite: count, indexeddb: count, postgres: count };
  return { sqlite: count, indexeddb: Math.ceil(count / 6), postgres: Math.ceil(count / 12) };
}

function wholeNumber(name: string, text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 1) return number;
  throw new TypeError(`${name} ${text} is no whole number from 1`);
}

function defectOf(name: string | undefined): Defect | undefined {
  if (name === undefined || name === 'split-commit' || name === 'early-ciphertext') return name;
  throw new TypeError(`--break ${name} is neither split-commit nor early-ciphertext`);
}
