import { hold, line, same } from '../assertions.ts';
import { batch, put, read, stored, write } from '../batches.ts';
import type { StoreCheck } from '../store-check.ts';

export const readingChecks: readonly StoreCheck[] = [
  {
    name: 'reading: get answers in the order asked, with undefined for what is absent',
    needs: [],
    run: async ({ open }) => {
      const store = await open();
      await write(store, put('a/1', 1), put('a/2', 2), put('b', 3));
      const found = await store.get(['b', 'absent', 'a/2', 'a/1', 'b', 'a']);
      const values = found.map((record) => record?.value[0] ?? 'absent');
      same(values, [3, 'absent', 2, 1, 3, 'absent'], 'get of b, absent, a/2, a/1, b, a');
      same(
        found.map((record) => record?.key ?? 'absent'),
        ['b', 'absent', 'a/2', 'a/1', 'b', 'absent'],
        'keys of these records',
      );
      same(await store.get([]), [], 'get of nothing');
    },
  },
  {
    name: 'reading: a record comes back as it was put, its revision the id of the batch',
    needs: [],
    run: async ({ open }) => {
      const store = await open();
      const first = await write(store, put('a/1', 1, 2, 3), put('a/2', 4));
      const second = await write(store, { key: 'a/2', value: Uint8Array.of(5), version: 9 });
      same(line(await read(store, 'a/1')), line(stored(first.put[0]!, first)), 'a record that was put once');
      same(line(await read(store, 'a/2')), line(stored(second.put[0]!, second)), 'a record that was put again');
    },
  },
  {
    name: 'reading: values and revisions keep every byte, and an empty value stays empty',
    needs: [],
    run: async ({ open }) => {
      const store = await open();
      const everyByte = Uint8Array.from({ length: 512 }, (_, i) => (i < 256 ? i : 511 - i));
      const values = [everyByte, new Uint8Array(), new Uint8Array(32), new Uint8Array(3).fill(0xff)];
      for (const [i, value] of values.entries()) {
        const id = everyByte.slice(i * 16, i * 16 + 16);
        const written = batch({ id, put: [{ key: `a/${i}`, value: new Uint8Array(value), version: 0 }] });
        await store.commit(written);
        same(
          line(await read(store, `a/${i}`)),
          line(stored(written.put[0]!, written)),
          `a value of ${value.length} bytes`,
        );
      }
      for (let i = 0; i < 256; i += 16) {
        const written = batch({ id: everyByte.slice(i, i + 16), put: [put('revision')] });
        await store.commit(written);
        same((await read(store, 'revision'))?.revision, written.id, 'a revision');
      }
    },
  },
  {
    name: 'reading: schema versions from 0 to 65,535 come back',
    needs: [],
    run: async ({ open }) => {
      const store = await open();
      const edges = Array.from({ length: 17 }, (_, bit) => [2 ** bit - 1, 2 ** bit, 2 ** bit + 1]).flat();
      const versions = [...new Set(edges)].filter((version) => version <= 0xffff);
      await write(store, ...versions.map((version) => ({ key: `v/${version}`, value: new Uint8Array(1), version })));
      const found = await store.get(versions.map((version) => `v/${version}`));
      same(
        found.map((record) => record?.version),
        versions,
        'versions',
      );
    },
  },
  {
    name: 'reading: a value of 1 MiB comes back whole',
    needs: [],
    run: async ({ open }) => {
      const store = await open();
      const value = new Uint8Array(1 << 20);
      for (let i = 0; i < value.length; i++) value[i] = (i ^ (i >>> 8) ^ (i >>> 16)) & 0xff;
      await write(store, { key: 'large', value: new Uint8Array(value), version: 1 }, put('small', 1));
      const found = await read(store, 'large');
      hold(found?.value.length === value.length, `a value of 1 MiB has ${found?.value.length} bytes`);
      const wrong = value.findIndex((byte, i) => found.value[i] !== byte);
      hold(wrong < 0, `byte ${wrong} of a value of 1 MiB is ${found.value[wrong]}, not ${value[wrong]}`);
      same((await read(store, 'small'))?.value, Uint8Array.of(1), 'the record beside it');
    },
  },
];
