import { expect, test } from 'vitest';
import { StoreError } from '../../src/ports/store.ts';
import { recordCodec, u53 } from '../../src/records/codec.ts';
import { RecordCache } from '../../src/storage/record-cache.ts';
import { transact } from '../../src/storage/transact.ts';
import { UnitGroup } from '../../src/storage/unit-group.ts';
import type { UnitOfWork } from '../../src/storage/unit-of-work.ts';
import { TinyStore } from '../tiny-store.ts';

const kept = recordCodec<number>(1, u53, { keep: true });
const ROUNDS = 300;

/** The same numbers for the same seed. */
function drawing(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (state * 1_103_515_245 + 12_345) & 0x7fff_ffff;
    return (state >> 8) % below;
  };
}

/** Commits are answered, or the answer is lost: before they happen, after it, or they happen some time later. */
function storeThatLosesAnswers(draw: (below: number) => number) {
  const store = new TinyStore();
  const late: (() => void)[] = [];
  const lost = (when: string) => new StoreError('indeterminate', when);
  store.before = (batch) => {
    if (draw(2) === 0) late.shift()?.();
    const fate = draw(12);
    if (fate === 0) throw lost('and it never happens');
    if (fate === 1) {
      late.push(() => void store.whenExpected(batch));
      throw lost('and it happens later');
    }
  };
  store.after = () => {
    if (draw(12) === 0) throw lost('and it has happened');
  };
  store.onGet = () => {
    if (draw(3) === 0) late.shift()?.();
  };
  const landAll = () => {
    for (const land of late) land();
  };
  return { store, landAll };
}

test('what two writers are told of their operations, alone and in groups, is what happened', async () => {
  const draw = drawing(1);
  for (let round = 0; round < ROUNDS; round++) {
    const { store, landAll } = storeThatLosesAnswers(draw);
    const done: string[] = [];
    const failed: string[] = [];
    let ids = 0;
    const write = async (writer: string) => {
      const context = {
        store,
        cache: new RecordCache(),
        randomness: { commitId: () => Uint8Array.of(++ids, ...new Uint8Array(15)), jitter: () => 0 },
        limits: { contentionDeadline: 5_000 },
        emit: () => {},
      };
      const run = <T>(body: (unit: UnitOfWork) => Promise<T>) => transact(context, body);
      const operation = (name: string, fails: boolean) => async (unit: UnitOfWork) => {
        const count = ((await unit.get(kept, 'a/count')) ?? 0) + 1;
        unit.put(kept, 'a/count', count);
        unit.put(kept, `a/done/${name}`, count);
        if (fails) throw new TypeError('no');
      };
      const noted = (name: string, result: Promise<void>) =>
        result.then(
          () => done.push(name),
          (error) => error.code === 'indeterminate' || failed.push(name),
        );
      for (let turn = 0; turn < 4; turn++) {
        const group = new UnitGroup(run);
        const add = draw(2) === 0 ? run : <T>(body: (unit: UnitOfWork) => Promise<T>) => group.add(body);
        const results: Promise<unknown>[] = [];
        for (let part = 0; part < 3; part++) {
          const name = `${writer}-${turn}-${part}`;
          results.push(noted(name, add(operation(name, draw(4) === 0))));
        }
        await group.commit();
        await Promise.all(results);
      }
    };
    await Promise.all([write('one'), write('other')]);
    landAll();
    const happened = [...store.records.keys()].flatMap((key) => (key.startsWith('a/done/') ? [key.slice(7)] : []));
    const count = store.records.get('a/count');
    expect(count === undefined ? 0 : kept.decode(count)).toBe(happened.length);
    expect(done.filter((name) => !happened.includes(name))).toEqual([]);
    expect(failed.filter((name) => happened.includes(name))).toEqual([]);
  }
});
