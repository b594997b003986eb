import { type PostgresClient, type PostgresPool, PostgresStore } from '@omemo-kit/storage-postgres';
import { expect, it } from 'vitest';
import { batch, codeOf, errorOf, put } from '../support/batches.ts';

class ServerError extends Error {
  readonly code: string;
  readonly severity: string;
  constructor(code: string, severity = 'ERROR') {
    super(`error ${code}`);
    this.code = code;
    this.severity = severity;
  }
}

/** A server that refuses each commit with an error, and then answers the question for stale keys, or not. */
function refusingPool(error: Error, afterwards: Error | { key: string }[] = []) {
  const released: unknown[] = [];
  const commits: string[] = [];
  const client: PostgresClient = {
    on: () => {},
    removeListener: () => {},
    release: (reason) => void released.push(reason),
    query: async (text) => {
      if (text.includes('commit_batch')) {
        commits.push(text);
        throw error;
      }
      if (text.includes('current_setting')) return { rows: [{ fsync: 'on', isolation: 'read committed' }] };
      if (text.includes('to_regclass')) return { rows: [{ there: true }] };
      if (text.includes('SELECT version')) return { rows: [{ version: 1 }] };
      if (afterwards instanceof Error) throw afterwards;
      return { rows: afterwards };
    },
  };
  const pool: PostgresPool = { connect: async () => client, on: () => {} };
  return { pool, released, commits };
}

it.each([
  ['40001', 'conflict'],
  ['40P01', 'conflict'],
  ['23505', 'conflict'],
  ['53100', 'quota'],
  ['XX001', 'corrupt'],
  ['OM001', 'newer-schema'],
  ['57014', 'unavailable'],
  ['25006', 'unavailable'],
  ['42501', 'unavailable'],
  ['40003', 'indeterminate'],
  ['08006', 'indeterminate'],
  ['57P01', 'indeterminate'],
])('the error %s of a commit is %s, tried once, and its connection is not lent again', async (state, code) => {
  const { pool, released, commits } = refusingPool(new ServerError(state));
  const store = await PostgresStore.open({ pool });
  expect(await codeOf(store.commit(batch({ put: [put('a')] })))).toBe(code);
  expect(commits.length).toBe(1);
  expect(released.at(-1)).toBeInstanceOf(Error);
});

it('a conflict that the server found names the keys that are stale by now', async () => {
  const { pool } = refusingPool(new ServerError('40001'), [{ key: 'b' }]);
  const store = await PostgresStore.open({ pool });
  const expected = ['a', 'b'].map((key) => ({ key, revision: null }));
  const error = await errorOf(store.commit(batch({ expect: expected })));
  expect([error.code, error.keys]).toEqual(['conflict', ['b']]);
});

it.each([
  ['a backend that ends itself', new ServerError('53100', 'PANIC'), []],
  ['a backend that does not answer any more', new ServerError('53100'), new Error('Connection terminated')],
  ['a broken pipe', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }), []],
  ['an answer that did not come in time', new Error('Query read timeout'), []],
])('after %s nobody knows', async (_, error, afterwards) => {
  const store = await PostgresStore.open({ pool: refusingPool(error, afterwards).pool });
  expect(await codeOf(store.commit(batch({ put: [put('a')] })))).toBe('indeterminate');
});

it('where no connection can be had nothing was begun', async () => {
  const { pool, commits } = refusingPool(new Error('unused'));
  let isUp = true;
  const connect = () => (isUp ? pool.connect() : Promise.reject(new AggregateError([new Error('ECONNREFUSED')], '')));
  const store = await PostgresStore.open({ pool: { ...pool, connect } });
  isUp = false;
  const error = await errorOf(store.commit(batch({ put: [put('a')] })));
  expect([error.code, error.message]).toEqual(['unavailable', 'no connection to PostgreSQL: ECONNREFUSED']);
  expect(await codeOf(store.get(['a']))).toBe('unavailable');
  expect(commits).toEqual([]);
});

it.each(['', 'x'.repeat(64), 'a\0b'])('no schema has the name %j', async (schema) => {
  expect(await codeOf(PostgresStore.open({ pool: refusingPool(new Error('unused')).pool, schema }))).toBe(
    'unavailable',
  );
});
