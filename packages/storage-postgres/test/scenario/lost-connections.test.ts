import { postgresAvailability } from '@omemo-kit/backends/postgres';
import { describeBackend } from '@omemo-kit/backends/vitest';
import { migratePostgres, PostgresStore } from '@omemo-kit/storage-postgres';
import { beforeAll, expect, it } from 'vitest';
import { batch, codeOf, keysOf, put } from '../support/batches.ts';
import { type Cut, cuttingProxy } from '../support/cutting-proxy.ts';
import { useDatabase } from '../support/database.ts';

describeBackend(postgresAvailability(), 'lost connections', () => {
  const database = useDatabase();
  beforeAll(() => migratePostgres(database.pool()));

  it.each<[Cut, boolean]>([
    ['before the server', false],
    ['before the answer', true],
  ])('a commit whose connection dies %s is indeterminate, and reading tells', async (cut, happened) => {
    const proxy = await cuttingProxy(database.server().socket);
    const store = await PostgresStore.open({ pool: database.pool(proxy.address) });
    const lost = batch({ put: [put('cut/a', 1)], remove: ['cut/b'] });
    const setUp = batch({ put: [put('cut/b')], remove: ['cut/a'] });
    await store.commit(setUp);
    proxy.cutNext(cut);
    expect(await codeOf(store.commit(lost))).toBe('indeterminate');
    proxy.cutNext('never');
    // The same store goes on with another connection, and has not tried again by itself.
    const [a, b] = await store.get(['cut/a', 'cut/b']);
    expect(a?.revision).toEqual(happened ? lost.id : undefined);
    expect(b?.revision).toEqual(happened ? undefined : setUp.id);
    await store.commit(batch({ put: [put('cut/c')] }));
    proxy.close();
  });

  it('an idle connection that the server ends disturbs nobody', async () => {
    const pool = database.pool({ max: 1 });
    const store = await PostgresStore.open({ pool });
    await store.commit(batch({ put: [put('idle')] }));
    expect(pool.idleCount).toBe(1);
    const ended = new Promise((resolve) => pool.once('remove', resolve));
    await database.run('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()');
    await ended;
    expect((await store.get(['idle']))[0]?.key).toBe('idle');
  });

  it('a commit that the server ends in the middle is indeterminate, and its connection is not lent again', async () => {
    const pool = database.pool({ max: 1 });
    const store = await PostgresStore.open({ pool });
    await store.commit(batch({ put: [put('busy', 1)] }));
    await database.outsider(async (other) => {
      await other.query(`BEGIN; SELECT FROM omemo_kit.records WHERE key = 'busy' FOR UPDATE`);
      const committing = codeOf(store.commit(batch({ put: [put('busy', 2)] })));
      await database.untilWaiting();
      await database.run(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock'`);
      expect(await committing).toBe('indeterminate');
    });
    expect((await store.get(['busy']))[0]?.value).toEqual(Uint8Array.of(1));
  });

  it('a server that crashes under many writers has lost nothing that resolved', async () => {
    const store = await PostgresStore.open({ pool: database.pool() });
    const keys = (id: string): string[] => [1, 2, 3, 4].map((n) => `crash/${id}/${n}`);
    const resolved: string[] = [];
    const codes = new Set<string>();
    let crashing: Promise<void> | undefined;
    const write = async (writer: number): Promise<void> => {
      for (let i = 0; ; i++) {
        const id = `${writer}-${i}`;
        const code = await codeOf(store.commit(batch({ put: keys(id).map((key) => put(key, i % 256)) })));
        if (code !== 'resolved') {
          codes.add(code);
          return;
        }
        resolved.push(id);
        if (resolved.length === 60) crashing = database.server().crash();
      }
    };
    await Promise.all([0, 1, 2, 3, 4, 5].map(write));
    await crashing;
    expect([...codes].filter((code) => !['indeterminate', 'unavailable'].includes(code))).toEqual([]);
    expect(await codeOf(store.get(['crash']))).toBe('unavailable');
    expect(await codeOf(store.commit(batch({ put: [put('crash')] })))).toBe('unavailable');
    await database.server().restart();

    const found = new Map<string, number>();
    for (const key of await keysOf(store, 'crash')) {
      const id = key.split('/')[1]!;
      found.set(id, (found.get(id) ?? 0) + 1);
    }
    expect(resolved.filter((id) => found.get(id) !== 4)).toEqual([]);
    expect([...found.values()].filter((count) => count !== 4)).toEqual([]);
  });
});
