import { type Batch, StoreError } from '@omemo-kit/omemo-core/ports';
import { SharedMemory } from '@omemo-kit/storage-memory';
import fc from 'fast-check';
import { expect, it } from 'vitest';

const key = fc
  .array(fc.constantFrom('a', 'b', 'a-', 'a%', 'a0', 'A'), { minLength: 1, maxLength: 3 })
  .map((segments) => segments.join('/'));
const revision = fc.nat(4).map((byte) => new Uint8Array(16).fill(byte));

const batch: fc.Arbitrary<Batch> = fc
  .record({
    id: revision,
    expect: fc.uniqueArray(fc.record({ key, revision: fc.option(revision) }), { selector: (e) => e.key, maxLength: 2 }),
    put: fc.uniqueArray(fc.record({ key, value: fc.uint8Array(), version: fc.nat(0xffff) }), {
      selector: (p) => p.key,
      maxLength: 4,
    }),
    remove: fc.uniqueArray(key, { maxLength: 2 }),
  })
  .map((parts) => ({ ...parts, remove: parts.remove.filter((k) => !parts.put.some((p) => p.key === k)) }));

it('agrees with a plain object under any batches, listings included', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(batch, { maxLength: 30 }), key, async (batches, prefix) => {
      const memory = new SharedMemory();
      const store = memory.open();
      let model: Record<string, { value: Uint8Array; version: number; revision: Uint8Array }> = {};
      for (const { id, expect: expected, put, remove } of batches) {
        const stale = expected.filter(({ key, revision }) => String(model[key]?.revision ?? null) !== String(revision));
        const outcome = await store.commit({ id, expect: expected, put, remove }).catch((error: StoreError) => error);
        if (stale.length > 0) {
          expect(outcome).toBeInstanceOf(StoreError);
          expect([...(outcome as StoreError).keys].sort()).toEqual(stale.map((s) => s.key).sort());
        } else {
          expect(outcome).toBeUndefined();
          model = { ...model };
          for (const { key, value, version } of put) model[key] = { value, version, revision: id };
          for (const key of remove) delete model[key];
        }
      }
      const keys = Object.keys(model).sort();
      expect(memory.snapshot()).toEqual(keys.map((key) => ({ key, ...model[key] })));
      const listed: string[] = [];
      for await (const record of store.list(prefix)) listed.push(record.key);
      expect(listed).toEqual(keys.filter((key) => key === prefix || key.startsWith(`${prefix}/`)));
      expect(memory.usedBytes).toBe(keys.reduce((sum, key) => sum + key.length + model[key]!.value.length, 0));
    }),
    { numRuns: 300 },
  );
});

it('pages through more records than a page holds, in order, from anywhere in the alphabet', async () => {
  const store = new SharedMemory().open();
  const keys = Array.from({ length: 1_000 }, (_, i) => `a/${String.fromCharCode(33 + ((i * 7) % 14))}${i}`);
  for (let i = 0; i < keys.length; i += 100) {
    const put = keys.slice(i, i + 100).map((key) => ({ key, value: new Uint8Array(), version: 0 }));
    await store.commit({ id: new Uint8Array(16), expect: [], put, remove: [] });
  }
  const removed = keys.filter((_, i) => i % 3 === 0);
  await store.commit({ id: new Uint8Array(16), expect: [], put: [], remove: removed });
  const listed: string[] = [];
  for await (const record of store.list('a')) listed.push(record.key);
  expect(listed).toEqual(keys.filter((_, i) => i % 3 !== 0).sort());
});
