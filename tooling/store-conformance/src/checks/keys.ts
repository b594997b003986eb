import { same } from '../assertions.ts';
import { batch, inByteOrder, list, listKeys, put, read, write } from '../batches.ts';
import type { StoreCheck } from '../store-check.ts';

/** Every character that a segment may have: printable ASCII without the space and the slash. */
const segmentCharacters = Array.from({ length: 94 }, (_, i) => String.fromCharCode(0x21 + i)).filter((c) => c !== '/');

export const keyChecks: readonly StoreCheck[] = [
  {
    name: 'keys: every printable character makes a key of its own',
    needs: [],
    run: async ({ open }) => {
      const store = await open();
      const keys = segmentCharacters.map((character) => `k/${character}`);
      await write(store, ...keys.map((key, i) => put(key, i)));
      const values = (await store.get(keys)).map((record) => record?.value[0] ?? 'absent');
      const wanted = keys.map((_, i) => i);
      same(values, wanted, 'values of the keys from k/! to k/~');
      await store.commit(batch({ remove: ['k/a', 'k/%', 'k/_', 'k/*', 'k/?'] }));
      same((await list(store, 'k')).length, keys.length - 5, 'records left after five were removed');
    },
  },
  {
    name: 'keys: percent-encoded, long and odd ones are kept as they are',
    needs: [],
    run: async ({ open }) => {
      const store = await open();
      const keys = [
        'romeo%40m.example%2Fa%20b/session/%F0%9F%94%91',
        'ROMEO%40m.example/session/%f0%9f%94%91',
        `long/${'x'.repeat(995)}`,
        `long/${'x'.repeat(994)}y`,
        `deep${'/d'.repeat(498)}`,
        '__proto__',
        'constructor/prototype',
        'toString',
        '0',
        '00',
        '1e3',
        '-1',
        'null',
        'undefined',
        "o'brien/--",
        '"quoted"/;drop',
        '\\back\\slash',
        '.',
        '..',
        '../..',
        'con/nul',
      ];
      await write(store, ...keys.map((key, i) => put(key, i)));
      const found = await store.get(keys);
      same(
        found.map((record) => record?.key),
        keys,
        'keys',
      );
      same(
        found.map((record) => record?.value[0]),
        keys.map((_, i) => i),
        'values',
      );
      same(await listKeys(store, 'long'), inByteOrder(keys.filter((key) => key.startsWith('long/'))), 'long keys');
    },
  },
  {
    name: 'keys: upper and lower case are different',
    needs: [],
    run: async ({ open }) => {
      const store = await open();
      await write(store, put('case/a', 1), put('case/A', 2), put('CASE/a', 3));
      await store.commit(batch({ remove: ['case/A'] }));
      same((await read(store, 'case/a'))?.value, Uint8Array.of(1), 'case/a');
      same(await read(store, 'case/A'), undefined, 'case/A after it was removed');
      same(await listKeys(store, 'CASE'), ['CASE/a'], 'list of CASE');
    },
  },
];
