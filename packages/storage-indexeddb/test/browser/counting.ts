import { StoreError } from '@omemo-kit/omemo-core/ports';
import { IndexedDbStore } from '../../src/index.ts';

/** Adds one to a counter as often as told, against whoever else does; says how often it lost. */
export async function count(name: string, times: number): Promise<number> {
  const store = await IndexedDbStore.open({ name, persist: 'never' });
  let lost = 0;
  for (let done = 0; done < times; ) {
    const [record] = await store.get(['a/counter']);
    const value = Uint8Array.of((record?.value[0] ?? 0) + 1);
    try {
      await store.commit({
        id: crypto.getRandomValues(new Uint8Array(16)),
        expect: [{ key: 'a/counter', revision: record?.revision ?? null }],
        put: [{ key: 'a/counter', value, version: 1 }],
        remove: [],
      });
      done++;
    } catch (error) {
      if (!(error instanceof StoreError) || error.code !== 'conflict') throw error;
      lost++;
    }
  }
  await store.close();
  return lost;
}
