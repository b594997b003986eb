import type { Batch } from '@omemo-kit/omemo-core/ports';
import { line, rejects, same } from '../assertions.ts';
import { batch, list, put, stored, write } from '../batches.ts';
import type { StoreCheck } from '../store-check.ts';

const revision = new Uint8Array(16);
const good = put('a/2', 2);

const keys = ['', 'a b', ' ', 'a\n', 'a\tb', 'a\u0000', 'a\u007f', 'ä', 'a/😀'];
const badKeys = keys.flatMap((key): [string, Partial<Batch>][] => {
  const shown = JSON.stringify(key).replace('\u007f', '\\u007f');
  return [
    [`puts the key ${shown}`, { put: [good, put(key)] }],
    [`removes the key ${shown}`, { put: [good], remove: [key] }],
    [`expects the key ${shown}`, { put: [good], expect: [{ key, revision: null }] }],
  ];
});

const badVersions = [-1, 65_536, 1.5, Number.NaN].map((version): [string, Partial<Batch>] => [
  `puts the version ${version}`,
  { put: [good, { ...put('a/3'), version }] },
]);

const badLengths = [0, 15, 17, 32].flatMap((length): [string, Partial<Batch>][] => [
  [`has an id of ${length} bytes`, { id: new Uint8Array(length), put: [good] }],
  [
    `expects a revision of ${length} bytes`,
    { expect: [{ key: 'a/3', revision: new Uint8Array(length) }], put: [good] },
  ],
]);

const twice: [string, Partial<Batch>][] = [
  ['puts a key twice', { put: [good, put('a/3'), put('a/2', 3)] }],
  ['puts and removes a key', { put: [good], remove: ['a/3', 'a/2'] }],
  [
    'expects a key twice',
    {
      put: [good],
      expect: [
        { key: 'a/3', revision: null },
        { key: 'a/3', revision },
      ],
    },
  ],
];

export const invalidBatchChecks: readonly StoreCheck[] = [...badKeys, ...badVersions, ...badLengths, ...twice].map(
  ([what, parts]) => ({
    name: `invalid batches: one that ${what} is refused without effect`,
    needs: [],
    run: async ({ open }) => {
      const store = await open();
      const written = await write(store, put('a/1', 1));
      await rejects(store.commit(batch(parts)), 'invalid-batch', `a batch that ${what}`);
      const wanted = [line(stored(written.put[0]!, written))];
      same((await list(store, 'a')).map(line), wanted, 'records after a batch that was refused');
      await write(store, good);
      same((await list(store, 'a')).length, 2, 'records after a good batch that followed');
    },
  }),
);
