import { equal } from 'node:assert/strict';
import { type Curve, measureCurve } from './curve.ts';
import { pairInMemory, talk } from './in-memory.ts';

const AGES = [1, 1_000, 100_000];
const SKIPPED = [0, 1_000];
/** With those of a run they are no more than are kept for a session. */
const SKIPPED_BESIDE = [0, 900];
const MESSAGES = 40;

/** A message against the messages that its session has seen. */
export async function ageCurve(rounds: number, ages = AGES): Promise<Curve> {
  const sizes = [];
  for (const at of ages) {
    const pair = await pairInMemory();
    await talk(pair, at);
    sizes.push({ at, units: MESSAGES, prepare: () => () => talk(pair, MESSAGES) });
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
    sizes.push({ at, units: MESSAGES, prepare: () => () => talk(pair, MESSAGES) });
  }
  return measureCurve({ title: 'skipped message keys', of: 'keys kept', unit: 'message' }, sizes, rounds);
}

/** A message that comes late, read with the key that was kept for it, against the keys kept beside it. */
export async function lateCurve(rounds: number, counts = SKIPPED_BESIDE): Promise<Curve> {
  const sizes = [];
  for (const at of counts) {
    const pair = await pairInMemory();
    for (let count = 0; count < at; count++) await pair.write('lost on the way');
    await talk(pair, 1);
    const prepare = async () => {
      const late: string[] = [];
      for (let count = 0; count < MESSAGES; count++) late.push(await pair.write('late'));
      await talk(pair, 1);
      return async () => {
        for (const xml of late) equal(await pair.read(xml), 'late');
      };
    };
    sizes.push({ at, units: MESSAGES, prepare });
  }
  return measureCurve({ title: 'a late message read', of: 'keys kept beside', unit: 'message' }, sizes, rounds);
}
