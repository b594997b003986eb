import { type Batch, type Store, StoreError } from '@omemo-kit/omemo-core/ports';
import { MemoryStore, type PausePoint, SharedMemory } from '@omemo-kit/storage-memory';
import { describe, expect, it } from 'vitest';

let ids = 0;
function batch(parts: Partial<Batch>): Batch {
  return { id: new Uint8Array(16).fill(++ids % 256), expect: [], put: [], remove: [], ...parts };
}
const put = (key: string, ...bytes: number[]) => ({ key, value: Uint8Array.from(bytes), version: 1 });
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'resolved',
    (error: unknown) => (error instanceof StoreError ? error.code : String(error)),
  );
async function keysOf(store: Store, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const record of store.list(prefix)) keys.push(record.key);
  return keys;
}

describe('quota', () => {
  it('counts keys and values, refuses without effect and lets anything shrink', async () => {
    const memory = new SharedMemory({ quota: 10 });
    const store = memory.open();
    await store.commit(batch({ put: [put('a/b', 1, 2, 3, 4, 5, 6, 7)] }));
    expect(memory.usedBytes).toBe(10);
    expect(await codeOf(store.commit(batch({ put: [put('c')] })))).toBe('quota');
    expect(await store.get(['c'])).toEqual([undefined]);
    await store.commit(batch({ put: [put('c')], remove: ['a/b'] }));
    expect(memory.usedBytes).toBe(1);
    memory.restore([{ key: 'x', value: new Uint8Array(20), version: 0, revision: new Uint8Array(16) }]);
    expect(await codeOf(store.commit(batch({ put: [{ ...put('x'), value: new Uint8Array(21) }] })))).toBe('quota');
    await store.commit(batch({ put: [{ ...put('x'), value: new Uint8Array(19) }] }));
    expect(memory.usedBytes).toBe(20);
  });

  it('reports a conflict rather than a full memory', async () => {
    const store = new MemoryStore({ quota: 1 });
    const stale = batch({ expect: [{ key: 'a', revision: new Uint8Array(16) }], put: [put('b', 1)] });
    expect(await codeOf(store.commit(stale))).toBe('conflict');
  });
});

describe('SharedMemory', () => {
  it('opens stores that share records and close by themselves', async () => {
    const memory = new SharedMemory();
    const [first, second] = [memory.open(), memory.open()];
    await first.commit(batch({ put: [put('a', 1)] }));
    await first.close();
    await first.close();
    expect(await codeOf(first.get(['a']))).toBe('closed');
    expect((await second.get(['a']))[0]?.value).toEqual(Uint8Array.of(1));
    expect(await keysOf(new MemoryStore(), '')).toEqual([]);
  });

  it('goes back to a snapshot that nobody can change', async () => {
    const memory = new SharedMemory();
    const store = memory.open();
    await store.commit(batch({ put: [put('b/1', 1), put('a/1', 1)] }));
    const snapshot = memory.snapshot();
    expect(snapshot.map(({ key }) => key)).toEqual(['a/1', 'b/1']);
    await store.commit(batch({ put: [put('a/1', 2), put('a/2', 2)], remove: ['b/1'] }));
    const clone = structuredClone(snapshot);
    memory.restore(snapshot);
    for (const record of snapshot) record.value.fill(99);
    expect(memory.snapshot()).toEqual(clone);
    expect(await keysOf(store, 'b')).toEqual(['b/1']);
    expect(memory.usedBytes).toBe(8);
  });
});

describe('pauses', () => {
  it('names the moments of every call with its keys', async () => {
    const points: PausePoint[] = [];
    const store = new MemoryStore({ pause: (point) => void points.push(point) });
    await store.commit(batch({ expect: [{ key: 'e', revision: null }], put: [put('p')], remove: ['r'] }));
    await store.get(['g']);
    await keysOf(store, 'l');
    expect(points.map(({ operation, when, keys }) => `${operation} ${when} ${keys}`)).toEqual([
      'commit before e,p,r',
      'commit after e,p,r',
      'get before g',
      'get after g',
      'list before l',
    ]);
  });

  it('changes nothing when a commit fails before, and everything when it fails after', async () => {
    let failing: PausePoint['when'] = 'before';
    const pause = ({ operation, when }: PausePoint): void => {
      if (operation === 'commit' && when === failing) throw new StoreError('indeterminate', 'the line went dead');
    };
    const store = new MemoryStore({ pause });
    expect(await codeOf(store.commit(batch({ put: [put('a')] })))).toBe('indeterminate');
    expect(await keysOf(store, '')).toEqual([]);
    failing = 'after';
    expect(await codeOf(store.commit(batch({ put: [put('a')] })))).toBe('indeterminate');
    expect(await keysOf(store, '')).toEqual(['a']);
  });

  it.each(['microtask', 'macrotask'] as const)('lets another store in for a %s', async (pause) => {
    const memory = new SharedMemory();
    const slow = memory.open({ pause });
    const fast = memory.open();
    const lost = slow.commit(batch({ expect: [{ key: 'a', revision: null }], put: [put('a', 1)] }));
    await fast.commit(batch({ put: [put('a', 2)] }));
    expect(await codeOf(lost)).toBe('conflict');
  });

  it('takes the batch as it was when commit was called', async () => {
    const store = new MemoryStore({ pause: 'macrotask' });
    const changing = batch({ put: [put('a', 1)] });
    const done = store.commit(changing);
    changing.put[0]?.value.fill(9);
    await done;
    expect((await store.get(['a']))[0]?.value).toEqual(Uint8Array.of(1));
  });

  it('is closed in the middle: a waiting commit has no effect and a listing ends with an error', async () => {
    const memory = new SharedMemory();
    const store = memory.open({ pause: 'macrotask' });
    await store.commit(batch({ put: [put('l/1'), put('l/2')] }));
    const listing = store.list('l');
    expect((await listing.next()).value?.key).toBe('l/1');
    const waiting = store.commit(batch({ put: [put('late')] }));
    await store.close();
    expect(await codeOf(waiting)).toBe('closed');
    expect(await codeOf(listing.next())).toBe('closed');
    expect(memory.snapshot().map(({ key }) => key)).toEqual(['l/1', 'l/2']);
  });
});

describe('what it refuses beyond the suite', () => {
  it.each(['', '/', 'a//b', '/a', 'a/', 'a b', 'a\n', 'ä', '\u007f'])('the key %j', async (key) => {
    const store = new MemoryStore();
    expect(await codeOf(store.get([key]))).toBe('invalid-batch');
    expect(await codeOf(store.commit(batch({ remove: [key] })))).toBe('invalid-batch');
    if (key !== '') expect(await codeOf(keysOf(store, key))).toBe('invalid-batch');
  });

  it('a key removed twice', async () => {
    expect(await codeOf(new MemoryStore().commit(batch({ remove: ['a', 'a'] })))).toBe('invalid-batch');
  });
});
