import { describe, expect, test } from 'vitest';
import { StoreError } from '../../src/ports/store.ts';
import { recordCodec, u53 } from '../../src/records/codec.ts';
import { RecordCache } from '../../src/storage/record-cache.ts';
import { transact } from '../../src/storage/transact.ts';
import { UnitGroup } from '../../src/storage/unit-group.ts';
import type { UnitOfWork } from '../../src/storage/unit-of-work.ts';
import { TinyStore } from '../tiny-store.ts';

const number = recordCodec<number>(1, u53);

function setUp() {
  const store = new TinyStore();
  let ids = 0;
  const told: unknown[] = [];
  const context = {
    store,
    cache: new RecordCache(),
    randomness: { commitId: () => new Uint8Array(16).fill(++ids), jitter: () => 0 },
    limits: { contentionDeadline: 2_000 },
    emit: (_: string, event: unknown) => void told.push(event),
  };
  const group = new UnitGroup((body, signal) => transact(context, body, signal));
  const read = (key: string) => {
    const record = store.records.get(key);
    return record && number.decode(record);
  };
  return { store, group, read, told };
}

const add =
  (by: number, key = 'a/n') =>
  async (unit: UnitOfWork) => {
    const value = ((await unit.get(number, key)) ?? 0) + by;
    unit.put(number, key, value);
    unit.tell('settle-failed', [{ debt: 'store', cause: value }]);
    return value;
  };

const failing = async (unit: UnitOfWork) => {
  await add(1_000)(unit);
  unit.put(number, 'a/new', 1);
  throw new TypeError('a body that fails');
};

const waiting = Symbol('waiting');
const soFar = (promise: Promise<unknown>) => Promise.race([promise, Promise.resolve(waiting)]);

describe('a group of units', () => {
  test('is one commit, each seeing what those before it wrote; none resolves before it', async () => {
    const { store, group, read } = setUp();
    const results = [group.add(add(1)), group.add(add(2)), group.add(add(3))];
    store.before = async () => expect(await Promise.all(results.map(soFar))).toEqual([waiting, waiting, waiting]);
    await group.commit();
    expect(await Promise.all(results)).toEqual([1, 3, 6]);
    expect([store.commits.length, read('a/n')]).toEqual([1, 6]);
  });

  test('loses nothing by one that throws, of which nothing is left and nothing told', async () => {
    const { store, group, read, told } = setUp();
    const results = [group.add(add(1)), group.add(failing), group.add(add(2))];
    const settled = Promise.allSettled(results);
    await group.commit();
    expect((await settled).map((outcome) => ('value' in outcome ? outcome.value : outcome.reason.message))).toEqual([
      1,
      'a body that fails',
      3,
    ]);
    expect([read('a/n'), read('a/new'), told.length]).toEqual([3, undefined, 2]);
    expect(store.commits[0]?.expect.map(({ key }) => key)).toEqual(['a/n']);
  });

  test('runs again as a whole when somebody else was faster', async () => {
    const { store, group, read } = setUp();
    const results = [group.add(add(1)), group.add(add(2))];
    store.before = () => {
      store.before = () => {};
      store.write('a/n', number.encode(20));
    };
    await group.commit();
    expect(await Promise.all(results)).toEqual([21, 23]);
    expect(read('a/n')).toBe(23);
  });

  test('fails as a whole with the commit', async () => {
    const { store, group, read } = setUp();
    const settled = Promise.allSettled([group.add(add(1)), group.add(failing), group.add(add(2))]);
    store.before = () => {
      throw new StoreError('unavailable', 'no disk');
    };
    await group.commit();
    expect((await settled).map((outcome) => 'reason' in outcome && outcome.reason.message)).toEqual([
      'no disk',
      'no disk',
      'no disk',
    ]);
    expect(read('a/n')).toBeUndefined();
  });

  test('that lost its answer is found out to have happened', async () => {
    const { store, group, read } = setUp();
    const results = [group.add(add(1)), group.add(add(2))];
    store.after = () => {
      store.after = () => {};
      throw new StoreError('indeterminate', 'no answer');
    };
    await group.commit();
    expect(await Promise.all(results)).toEqual([1, 3]);
    expect([store.commits.length, read('a/n')]).toEqual([1, 3]);
  });

  test('of none needs no commit', async () => {
    const { store, group } = setUp();
    await group.commit();
    expect(store.commits).toEqual([]);
  });
});
