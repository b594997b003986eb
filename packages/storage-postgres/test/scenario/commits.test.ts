import { postgresAvailability } from '@omemo-kit/backends/postgres';
import { describeBackend } from '@omemo-kit/backends/vitest';
import type { StoreError } from '@omemo-kit/omemo-core/ports';
import { migratePostgres, PostgresStore } from '@omemo-kit/storage-postgres';
import { beforeAll, expect, it } from 'vitest';
import { batch, codeOf, errorOf, put } from '../support/batches.ts';
import { useDatabase } from '../support/database.ts';

describeBackend(postgresAvailability(), 'commits', () => {
  const database = useDatabase({ deadlock_timeout: '500ms' });
  beforeAll(() => migratePostgres(database.pool()));
  const open = (options: object = {}) => PostgresStore.open({ pool: database.pool(options) });

  it.each([1, 100])(
    'two writers that each expect the other’s record absent do not both write, beside %i keys',
    async (more) => {
      const [first, second] = [await open(), await open()];
      for (let round = 0; round < 60; round++) {
        const [a, b] = [`skew/${more}/${round}/a`, `skew/${more}/${round}/b`];
        // The large batch of one side meets a small one of the other.
        const others = Array.from({ length: more }, (_, i) => put(`skew/${more}/${round}/${i}`));
        const codes = await Promise.all([
          codeOf(first.commit(batch({ expect: [{ key: a, revision: null }], put: [put(b), ...others] }))),
          codeOf(second.commit(batch({ expect: [{ key: b, revision: null }], put: [put(a)] }))),
        ]);
        expect(codes.sort()).toEqual(['conflict', 'resolved']);
      }
    },
  );

  it('readers of one record do not wait for each other', async () => {
    const [first, second] = [await open(), await open()];
    const shared = batch({ put: [put('shared/read'), put('shared/gate')] });
    await first.commit(shared);
    const expected = [{ key: 'shared/read', revision: shared.id }];
    let held = Promise.resolve();
    await database.outsider(async (other) => {
      await other.query(`BEGIN; SELECT FROM omemo_kit.records WHERE key = 'shared/gate' FOR UPDATE`);
      held = first.commit(batch({ expect: expected, put: [put('shared/gate', 1)] }));
      await database.untilWaiting();
      await second.commit(batch({ expect: expected, put: [put('shared/own', 1)] }));
    });
    await held;
  });

  it('a deadlock with somebody else’s statements is a conflict', async () => {
    const store = await open();
    await store.commit(batch({ put: [put('dead/a'), put('dead/b')] }));
    // Who looks first while both wait loses; if the other comes too late for the store to see it, it is tried again.
    let outcome = 'resolved';
    await database.outsider(async (other) => {
      await other.query(`SET deadlock_timeout = '5s'`);
      for (let attempt = 0; attempt < 5 && outcome === 'resolved'; attempt++) {
        await other.query(`BEGIN; SELECT FROM omemo_kit.records WHERE key = 'dead/b' FOR UPDATE`);
        const committing = store.commit(batch({ put: [put('dead/a', 1), put('dead/b', 1)] })).then(
          () => 'resolved',
          ({ code, keys }: StoreError) => `${code}, stale: ${keys.length}`,
        );
        await database.untilWaiting();
        await other.query(`SELECT FROM omemo_kit.records WHERE key = 'dead/a' FOR UPDATE`).catch(() => {});
        await other.query('ROLLBACK');
        outcome = await committing;
      }
    });
    expect(outcome).toBe('conflict, stale: 0');
    expect((await store.get(['dead/a']))[0]?.value).toEqual(new Uint8Array());
  });

  it('is synchronous whatever the role says, and leaves what is stricter', async () => {
    // A deferred trigger runs when the transaction commits.
    await database.run(`
      CREATE TABLE seen (key text, setting text);
      CREATE FUNCTION look() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN INSERT INTO public.seen VALUES (new.key, current_setting(''synchronous_commit'')); RETURN new; END';
      CREATE CONSTRAINT TRIGGER look AFTER INSERT ON omemo_kit.records DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION look();`);
    const settings = ['off', 'local', 'remote_write', 'on', 'remote_apply'];
    for (const setting of settings) {
      const store = await open({ options: `-c synchronous_commit=${setting}` });
      await store.commit(batch({ put: [put(`sync/${setting}`)] }));
    }
    const seen = await database.run(`SELECT key, setting FROM seen`);
    await database.run('DROP TRIGGER look ON omemo_kit.records; DROP FUNCTION look; DROP TABLE seen');
    expect(Object.fromEntries(seen.map(({ key, setting }) => [key, setting]))).toEqual({
      'sync/off': 'on',
      'sync/local': 'on',
      'sync/remote_write': 'on',
      'sync/on': 'on',
      'sync/remote_apply': 'remote_apply',
    });
  });

  it('refuses a server without fsync unless told to accept it', async () => {
    const settled = async (setting: 'on' | 'off'): Promise<void> => {
      await database.run(`ALTER SYSTEM SET fsync = ${setting}`);
      await database.run('SELECT pg_reload_conf()');
      while ((await database.run('SHOW fsync'))[0]?.['fsync'] !== setting);
    };
    await settled('off');
    const pool = database.pool();
    const error = await errorOf(PostgresStore.open({ pool }));
    expect([error.code, error.message]).toEqual(['unavailable', expect.stringContaining('fsync')]);
    expect(await codeOf(PostgresStore.open({ pool, withoutFsync: 'accept' }))).toBe('resolved');
    await settled('on');
    expect(await codeOf(PostgresStore.open({ pool }))).toBe('resolved');
  });

  it.each(['repeatable read', 'serializable'])('refuses transactions that are %s by default', async (level) => {
    const options = `-c default_transaction_isolation=${level.replace(' ', '\\ ')}`;
    expect(await codeOf(open({ options }))).toBe('unavailable');
    // Also when it changes later.
    const pool = database.pool({ max: 1 });
    const store = await PostgresStore.open({ pool });
    await pool.query(`SET default_transaction_isolation = '${level}'`);
    expect(await codeOf(store.commit(batch({ put: [put('level')] })))).toBe('unavailable');
    expect(await store.get(['level'])).toEqual([undefined]);
  });

  it('close waits for what is under way and leaves the pool alone', async () => {
    const pool = database.pool();
    const store = await PostgresStore.open({ pool });
    let isDone = false;
    const committing = store.commit(batch({ put: [put('closing')] })).then(() => {
      isDone = true;
    });
    await store.close();
    expect(isDone).toBe(true);
    await committing;
    expect((await pool.query(`SELECT 1 FROM omemo_kit.records WHERE key = 'closing'`)).rows.length).toBe(1);
  });
});
