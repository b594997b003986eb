import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Schedule } from './schedule.ts';

const FILE = join(import.meta.dirname, '..', 'regressions.json');

/** A schedule that failed once, as short as it could be made. */
export interface Regression extends Schedule {
  /** The seed that it was found by. */
  readonly seed: number;
  readonly found: string;
}

export async function regressions(): Promise<readonly Regression[]> {
  return JSON.parse(await readFile(FILE, 'utf8')) as Regression[];
}

export async function keepRegression(regression: Regression): Promise<void> {
  const kept = await regressions();
  await writeFile(FILE, `${JSON.stringify([...kept, regression], null, 2)}\n`);
}
