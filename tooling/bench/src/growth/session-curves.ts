import { type Curve, measureCurve } from './curve.ts';
import { pairInMemory, talk } from './in-memory.ts';

const AGES = [1, 1_000, 100_000];
const SKIPPED = [0, 1_000];
const MESSAGES = 40;

/** A message against the messages that its session has seen. */
export async function ageCurve(rounds: number, ages = AGES): Promise<Curve> {
  const sizes = [];
  for (const at of ages) {
    const pair = await pairInMemory();
    await talk(pair, at);
    sizes.push({ at, units: MESSAGES, run: () => talk(pair, MESSAGES) });
  }
  return measureCurve({ title: 'age of the session', of: 'messages before', unit: 'message' }, sizes, rounds);
}

/** A message against the keys kept for messages that have not come. */
export async function skippedCurve(rounds: number, counts = SKIPPED): Promise<Curve> {
  const sizes = [];
  for (const at of counts) {
    const pair = await pairInMemory();
    for (let count = 0; count < at; count++) await pair.write('lost on the way');
    await talk(pair, 1);
    sizes.push({ at, units: MESSAGES, run: () => talk(pair, MESSAGES) });
  }
  return measureCurve({ title: 'skipped message keys', of: 'keys kept', unit: 'message' }, sizes, rounds);
}
