import type { Pair } from '../core/pair.ts';
import { type Curve, measureCurve } from './curve.ts';
import { bytesInUse } from './heap.ts';
import { pairInMemory, talk } from './in-memory.ts';

const ACCOUNTS = [1, 1_000];
const MESSAGES = 1_000;
const ACCOUNTS_OF_PAIR = 2;

export interface AccountGrowth {
  readonly curve: Curve;
  /** Bytes in use for an account more that talks to one contact, with its store in memory and what it published. */
  readonly heap: number;
}

/** A message against the accounts that are open in the process and have one message each in turn. */
export async function accountGrowth(rounds: number, counts = ACCOUNTS): Promise<AccountGrowth> {
  const sizes = [];
  let heap = 0;
  for (const at of counts) {
    const pairs: Pair[] = [];
    const before = bytesInUse();
    for (let count = 0; count < at; count++) pairs.push(await pairInMemory());
    heap = (bytesInUse() - before) / at / ACCOUNTS_OF_PAIR;
    const run = async (): Promise<void> => {
      for (let count = 0; count < MESSAGES; count++) await talk(pairs[count % at] as Pair, 1);
    };
    sizes.push({ at, units: MESSAGES, prepare: () => run });
  }
  const about = { title: 'accounts in the process', of: 'pairs of accounts', unit: 'message' };
  return { curve: await measureCurve(about, sizes, rounds), heap };
}
