import { expect, it } from 'vitest';
import { IndexedDbStore } from '../../src/index.ts';

it('opening says that there is no IndexedDB where there is none, as in Node', async () => {
  await expect(IndexedDbStore.open()).rejects.toMatchObject({
    name: 'StoreError',
    code: 'unavailable',
    message: expect.stringContaining('no IndexedDB'),
  });
});
