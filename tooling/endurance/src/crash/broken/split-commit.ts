import type { Batch, Store } from '@omemo-kit/omemo-core/ports';
import { recordKeys } from '@omemo-kit/omemo-core/records';

/**
 * WRONG ON PURPOSE: makes two commits of one batch, one with the state of sessions and keys, one with what waits in the
 * inbox and the outbox; which of them comes first is up to the batch's id. The kill tests are shown to find it.
 *
 * @param between what happens between the two; a victim that was aimed at in a commit is killed there.
 */
export function splitCommits(store: Store, account: string, between: () => Promise<void>): Store {
  const { inboxPrefix, outboxPrefix, inboxState, outboxState } = recordKeys(account);
  const waits = (key: string) =>
    [inboxState, outboxState].includes(key) ||
    [inboxPrefix, outboxPrefix].some((prefix) => key.startsWith(`${prefix}/`));
  return {
    get: (keys) => store.get(keys),
    list: (prefix) => store.list(prefix),
    close: () => store.close(),
    commit: async (batch) => {
      const { id, expect } = batch;
      const waitsFirst = (id[0] ?? 0) % 2 === 1;
      const first = half(batch, (key) => waits(key) === waitsFirst);
      const second = half(batch, (key) => waits(key) !== waitsFirst);
      if ([first, second].some(({ put }) => put.length === 0)) return store.commit(batch);
      await store.commit({ id, expect, ...first });
      await between();
      await store.commit({ id, expect: [], ...second });
    },
  };
}

function half({ put, remove }: Batch, which: (key: string) => boolean): Pick<Batch, 'put' | 'remove'> {
  return { put: put.filter(({ key }) => which(key)), remove: remove.filter(which) };
}
