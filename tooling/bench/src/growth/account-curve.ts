import type { Pair } from '../core/pair.ts';
import { type Curve, measureCurve } from './curve.ts';
import { pairInMemory, talk } from './in-memory.ts';

const ACCOUNTS = [1, 1_000];
const MESSAGES = 1_000;

/** A message against the accounts that are open in the process and have one message each in turn. */
export async function accountCurve(rounds: number, counts = ACCOUNTS): Promise<Curve> {
  const sizes = [];
  for (const at of counts) {
    const pairs: Pair[] = [];
    for (let count = 0; count < at; count++) pairs.push(await pairInMemory());
    const run = async (): Promise<void> => {
      for (let count = 0; count < MESSAGES; count++) await talk(pairs[count % at] as Pair, 1);
    };
    sizes.push({ at, units: MESSAGES, run });
  }
  return measureCurve({ title: 'accounts in the process', of: 'pairs of accounts', unit: 'message' }, sizes, rounds);
}
