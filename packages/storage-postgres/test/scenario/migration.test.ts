import { readFile } from 'node:fs/promises';
import { postgresAvailability } from '@omemo-kit/backends/postgres';
import { describeBackend } from '@omemo-kit/backends/vitest';
import { migratePostgres, PostgresStore } from '@omemo-kit/storage-postgres';
import { expect, it } from 'vitest';
import { batch, codeOf, errorOf, keysOf, put } from '../support/batches.ts';
import { useDatabase } from '../support/database.ts';

describeBackend(postgresAvailability(), 'migration', () => {
  const database = useDatabase();

  it('is explicit: opening makes nothing and says what to call', async () => {
    const pool = database.pool();
    const error = await errorOf(PostgresStore.open({ pool }));
    expect([error.code, error.message]).toEqual(['unavailable', expect.stringContaining('migratePostgres')]);
    expect(await database.run(`SELECT 1 FROM pg_namespace WHERE nspname = 'omemo_kit'`)).toEqual([]);
  });

  it('is done once by eight at a time, and again without harm', async () => {
    const schema = 'Eight "at" once';
    const pools = Array.from({ length: 8 }, () => database.pool({ max: 1 }));
    await Promise.all(pools.map((pool) => migratePostgres(pool, { schema })));
    const store = await PostgresStore.open({ pool: pools[0]!, schema });
    await store.commit(batch({ put: [put('a', 1)] }));
    await migratePostgres(pools[1]!, { schema });
    expect(await keysOf(store, '')).toEqual(['a']);
  });

  it('keeps schemas apart', async () => {
    const pool = database.pool();
    for (const schema of ['one', 'two']) await migratePostgres(pool, { schema });
    const [one, two] = await Promise.all(['one', 'two'].map((schema) => PostgresStore.open({ pool, schema })));
    await one!.commit(batch({ put: [put('a', 1)] }));
    expect(await keysOf(two!, '')).toEqual([]);
  });

  it('leaves a newer layout alone, and stores that were open write nothing any more', async () => {
    const pool = database.pool();
    await migratePostgres(pool, { schema: 'newer' });
    const store = await PostgresStore.open({ pool, schema: 'newer' });
    await database.run('UPDATE newer.layout SET version = 2');
    expect(await codeOf(migratePostgres(pool, { schema: 'newer' }))).toBe('newer-schema');
    expect(await codeOf(PostgresStore.open({ pool, schema: 'newer' }))).toBe('newer-schema');
    expect(await codeOf(store.commit(batch({ put: [put('a')] })))).toBe('newer-schema');
    expect(await database.run('SELECT * FROM newer.records')).toEqual([]);
    await database.run('UPDATE newer.layout SET version = 0');
    const error = await errorOf(PostgresStore.open({ pool, schema: 'newer' }));
    expect([error.code, error.message]).toEqual(['unavailable', expect.stringContaining('migratePostgres')]);
  });

  it('says so when tables went away under a store', async () => {
    const pool = database.pool();
    await migratePostgres(pool, { schema: 'gone' });
    const store = await PostgresStore.open({ pool, schema: 'gone' });
    await database.run('DROP SCHEMA gone CASCADE');
    expect(await codeOf(store.get(['a']))).toBe('unavailable');
    expect(await codeOf(store.commit(batch({ put: [put('a')] })))).toBe('unavailable');
  });

  it('lets workers have fewer rights than whoever migrates', async () => {
    await migratePostgres(database.pool(), { schema: 'shared' });
    await database.run(`
      CREATE ROLE worker LOGIN;
      GRANT USAGE ON SCHEMA shared TO worker;
      GRANT SELECT ON shared.layout TO worker;
      GRANT SELECT, INSERT, UPDATE, DELETE ON shared.records TO worker;`);
    const pool = database.pool({ user: 'worker' });
    await migratePostgres(pool, { schema: 'shared' });
    const store = await PostgresStore.open({ pool, schema: 'shared' });
    await store.commit(batch({ put: [put('a')] }));
    await store.commit(batch({ remove: ['a'] }));
    expect(await codeOf(migratePostgres(pool, { schema: 'not_mine' }))).toBe('unavailable');
  });

  it('opens layout 1 as it was first released', async () => {
    await database.run(await readFile(new URL('../fixtures/layout-1.sql', import.meta.url), 'utf8'));
    const pool = database.pool();
    await migratePostgres(pool, { schema: 'layout_1' });
    const store = await PostgresStore.open({ pool, schema: 'layout_1' });
    const [identity, session, absent] = await store.get([
      'alice/identity',
      'alice/session/bob%40example.org/27',
      'alice/x',
    ]);
    expect(identity).toEqual({
      key: 'alice/identity',
      value: Uint8Array.of(0, 1, 0x7f, 0x80, 0xff),
      version: 1,
      revision: new Uint8Array(16).fill(0x11),
    });
    expect(session).toEqual({
      key: 'alice/session/bob%40example.org/27',
      value: new Uint8Array(),
      version: 65_535,
      revision: new Uint8Array(16).fill(0x22),
    });
    expect(absent).toBeUndefined();
    const expected = [{ key: 'alice/identity', revision: identity!.revision }];
    const next = batch({ expect: expected, put: [put('alice/identity', 9)], remove: [session!.key] });
    await store.commit(next);
    expect((await errorOf(store.commit(batch({ expect: expected })))).keys).toEqual(['alice/identity']);
    expect(await keysOf(store, 'alice')).toEqual(['alice/identity']);
  });
});
