import { expect, test } from 'vitest';
import { keptInputs } from '../../src/corpus.ts';
import { targets } from '../../src/targets/index.ts';

test('what a target failed on once it handles now', async () => {
  const kept = await keptInputs();
  for (const { target: name, input } of kept) {
    const target = targets.find((one) => one.name === name);
    expect(target, `there is no target ${name} any more`).toBeDefined();
    const opened = await target!.open();
    expect(typeof (await opened.run(input)), name).toBe('string');
  }
  expect(kept.length).toBeGreaterThan(0);
});
