import { line, same } from '../assertions.ts';
import { batch, list, put, read, stored, write } from '../batches.ts';
import type { StoreCheck } from '../store-check.ts';

export const bufferChecks: readonly StoreCheck[] = [
  {
    name: 'buffers: what was committed does not change with the arrays of the batch',
    needs: [],
    run: async ({ open }) => {
      const store = await open();
      const written = batch({ put: [put('a', 1, 2, 3)] });
      const wanted = line(stored(written.put[0]!, written));
      await store.commit(written);
      written.put[0]!.value.fill(9);
      written.id.fill(9);
      same(line(await read(store, 'a')), wanted, 'a record after the arrays of its batch changed');
    },
  },
  {
    name: 'buffers: a record that was read belongs to the reader',
    needs: [],
    run: async ({ open }) => {
      const store = await open();
      const written = await write(store, put('a', 1, 2, 3));
      const wanted = line(stored(written.put[0]!, written));
      for (const record of [await read(store, 'a'), ...(await list(store, 'a')), ...(await store.get(['a', 'a']))]) {
        same(line(record), wanted, 'a record, after others changed what they had read');
        record?.value.fill(9);
        record?.revision.fill(9);
      }
    },
  },
  {
    name: 'buffers: a batch is left as it was',
    needs: [],
    run: async ({ open }) => {
      const store = await open();
      const first = await write(store, put('a', 1, 2, 3));
      const second = batch({ expect: [{ key: 'a', revision: first.id }], put: [put('a', 4)], remove: ['b'] });
      const copy = structuredCopy(second);
      await store.commit(second);
      same(second, copy, 'a batch after its commit');
      same(first.id.length, 16, 'length of an id after its commit');
    },
  },
  {
    name: 'buffers: of a view into a larger array only the view is kept',
    needs: [],
    run: async ({ open }) => {
      const store = await open();
      const large = Uint8Array.from({ length: 64 }, (_, i) => i);
      const written = batch({ id: large.subarray(40, 56), put: [{ ...put('a'), value: large.subarray(3, 6) }] });
      await store.commit(written);
      same(line(await read(store, 'a')), line(stored(written.put[0]!, written)), 'a record put from views');
      const next = batch({ expect: [{ key: 'a', revision: large.subarray(40, 56) }], put: [put('a', 1)] });
      await store.commit(next);
      same((await read(store, 'a'))?.value, Uint8Array.of(1), 'a record whose revision was expected from a view');
    },
  },
];

/** Plain data and byte arrays, copied. */
function structuredCopy<T>(value: T): T {
  if (value instanceof Uint8Array) return new Uint8Array(value) as T;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(structuredCopy) as T;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, structuredCopy(inner)])) as T;
}
