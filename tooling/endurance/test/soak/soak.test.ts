import { SharedMemory } from '@omemo-kit/storage-memory';
import { expect, test } from 'vitest';
import { soak } from '../../src/soak/soak.ts';
import type { SoakStore } from '../../src/soak/soak-store.ts';

function memoryStore(): SoakStore {
  const memory = new SharedMemory();
  const store = memory.open();
  return { store, size: async () => memory.usedBytes, close: () => store.close() };
}

const options = { messages: 500, samples: 5, seed: Number(process.env['OMEMO_SEED']), onSample: () => {} };

test('two accounts talk through losses, delays and copies: each message that comes is read once', async () => {
  const result = await soak(memoryStore(), options);
  expect(result.problems).toEqual([]);
  expect(result.sent).toBe(options.messages);
  expect(result.read).toBeGreaterThan(440);
  expect(result.read).toBeLessThan(result.sent);
  for (const count of [result.lost, result.late, result.duplicates, result.replacements])
    expect(count).toBeGreaterThan(0);
  expect(result.samples).toHaveLength(5);
});
