import { hold, line, same } from '../assertions.ts';
import { batch, inByteOrder, list, listKeys, put, stored, write } from '../batches.ts';
import type { StoreCheck } from '../store-check.ts';

export const listingChecks: readonly StoreCheck[] = [
  {
    name: 'listing: records come whole and in byte order of their keys',
    needs: [],
    run: async ({ open }) => {
      const store = await open();
      const tails = [
        '10',
        '9',
        'a',
        'B',
        'b',
        '_',
        '~',
        '!',
        '%41',
        '-',
        'a-',
        'a/b',
        'a/B',
        'a!',
        'Z',
        '0',
        '00',
        '{',
      ];
      const puts = tails.map((tail, i) => ({ key: `o/${tail}`, value: Uint8Array.of(i, i), version: i }));
      const written = batch({ put: puts });
      await store.commit(written);
      const wanted = inByteOrder(puts.map(({ key }) => key)).map((key) =>
        line(stored(puts.find((each) => each.key === key)!, written)),
      );
      same((await list(store, 'o')).map(line), wanted, 'list of o');
    },
  },
  {
    name: 'listing: a prefix stands for whole segments',
    needs: [],
    run: async ({ open }) => {
      const store = await open();
      const inside = ['a/b', 'a/b/!', 'a/b/c', 'a/b/c/d', 'a/b/~'];
      const outside = ['a', 'a/bc', 'a/b-c', 'a/b%2Fc', 'a/b.', 'a/b0', 'a/B/c', 'a/c', 'aa/b', 'b', 'a/', 'x/a/b']
        .filter((key) => !key.endsWith('/'))
        .concat('a/b!/c');
      await write(store, ...[...outside, ...inside].map((key) => put(key)));
      same(await listKeys(store, 'a/b'), inByteOrder(inside), 'list of a/b');
      same(await listKeys(store, 'a/b/c'), ['a/b/c', 'a/b/c/d'], 'list of a/b/c');
      const wanted = inByteOrder([...outside, ...inside].filter((key) => key === 'a' || key.startsWith('a/')));
      same(await listKeys(store, 'a'), wanted, 'list of a');
    },
  },
  {
    name: 'listing: nothing in a prefix is a wildcard',
    needs: [],
    run: async ({ open }) => {
      const store = await open();
      const prefixes = ['w/%', 'w/_', 'w/*', 'w/?', 'w/[a-z]', 'w/.', 'w/.*', 'w/\\', "w/'", 'w/a|b', 'w/^', 'w/$'];
      await write(store, put('w/x/1'), put('w/xy/1'), ...prefixes.map((prefix) => put(`${prefix}/1`)));
      for (const prefix of prefixes) same(await listKeys(store, prefix), [`${prefix}/1`], `list of ${prefix}`);
    },
  },
  {
    name: 'listing: an empty prefix lists everything',
    needs: [],
    run: async ({ open }) => {
      const store = await open();
      same(await listKeys(store, ''), [], 'list of an empty store');
      const keys = ['!', 'a', 'a-', 'a/b', 'a0', 'b/c/d', '~/~'];
      await write(store, ...keys.map((key) => put(key)));
      same(await listKeys(store, ''), inByteOrder(keys), 'list of everything');
    },
  },
  {
    name: 'listing: where there is nothing, nothing is listed',
    needs: [],
    run: async ({ open }) => {
      const store = await open();
      same(await listKeys(store, 'a'), [], 'list of a in an empty store');
      await write(store, put('a/1'), put('c/1'));
      same(await listKeys(store, 'b'), [], 'list of b');
      same(await listKeys(store, 'a/1/2'), [], 'list below a record');
      await store.commit(batch({ remove: ['a/1'] }));
      same(await listKeys(store, 'a'), [], 'list of a after its record was removed');
    },
  },
  {
    name: 'listing: 2,500 records come once each and in order, beside others',
    needs: [],
    run: async ({ open }) => {
      const store = await open();
      const keys = Array.from({ length: 2_500 }, (_, i) => `many/${(i * 7919) % 2_500}`);
      for (let i = 0; i < keys.length; i += 500) {
        const page = keys.slice(i, i + 500).map((key) => put(key, Number(key.slice(5)) % 256));
        await write(store, put(`man/${i}`), ...page, put(`many0/${i}`));
      }
      const found = await list(store, 'many');
      same(found.length, keys.length, 'records listed');
      const wanted = inByteOrder(keys);
      const wrong = found.findIndex(
        ({ key, value }, i) => key !== wanted[i] || value[0] !== Number(key.slice(5)) % 256,
      );
      hold(wrong < 0, `record ${wrong} of the list is ${found[wrong]?.key}, not ${wanted[wrong]} with its value`);
    },
  },
  {
    name: 'listing: what stays is listed once and in order while other records come and go',
    needs: [],
    run: async ({ open }) => {
      const store = await open();
      const staying = Array.from({ length: 1_200 }, (_, i) => `l/${String(i).padStart(4, '0')}`);
      await write(store, ...staying.map((key) => put(key)), ...staying.map((key) => put(`${key}-old`)));
      const found: string[] = [];
      for await (const { key } of store.list('l')) {
        found.push(key);
        if (found.length % 400 !== 0) continue;
        // Behind the reader records come and go in turn, so that whoever counts positions skips or repeats some.
        const at = staying.findIndex((each) => key.startsWith(each));
        const [behind, ahead] = [staying.slice(at - 120, at - 20), staying.slice(at + 20, at + 120)];
        const isEven = found.length % 800 === 0;
        await store.commit(
          isEven
            ? batch({ put: behind.map((each) => put(`${each}-new`)), remove: ahead.map((each) => `${each}-old`) })
            : batch({ put: ahead.map((each) => put(`${each}-new`)), remove: behind.map((each) => `${each}-old`) }),
        );
      }
      same(inByteOrder(found), found, 'the list in order');
      same(new Set(found).size, found.length, 'different records listed');
      const missing = staying.filter((key) => !found.includes(key));
      same(missing, [], 'records that were there all the time and not listed');
    },
  },
  {
    name: 'listing: one that is left halfway is in the way of nothing',
    needs: [],
    run: async ({ open }) => {
      const store = await open();
      await write(store, ...Array.from({ length: 1_200 }, (_, i) => put(`l/${i}`)));
      for await (const { key } of store.list('l')) {
        if (key.startsWith('l/1')) break;
      }
      store.list('l');
      const two = [store.list('l'), store.list('l')].map((listing) => listing[Symbol.asyncIterator]());
      const heads = await Promise.all(two.map(async (iterator) => (await iterator.next()).value?.key));
      same(heads, ['l/0', 'l/0'], 'the first records of two listings at once');
      await write(store, put('l/0', 1));
      await store.close();
    },
  },
];
