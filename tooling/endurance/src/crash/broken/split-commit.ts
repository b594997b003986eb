import type { Batch, Store } from '@omemo-kit/omemo-core/ports';
import { recordKeys } from '@omemo-kit/omemo-core/records';

/**
 * WRONG ON PURPOSE: makes two commits of one batch, first the state of sessions and keys, then what waits in the inbox
 * and the outbox. The kill tests are shown to find it.
 *
 * @param between what happens between the two; a victim that was aimed at in a commit is killed there.
 */
export function splitCommits(store: Store, account: string, between: () => Promise<void>): Store {
  const { inboxPrefix, outboxPrefix, inboxState, outboxState } = recordKeys(account);
  const waits = (key: string) =>
    [inboxState, outboxState].includes(key) ||
    [inboxPrefix, outboxPrefix].some((prefix) => key.startsWith(`${prefix}/`));
  const half = ({ put, remove }: Batch, which: (key: string) => boolean) => ({
    put: put.filter(({ key }) => which(key)),
    remove: remove.filter(which),
  });
  return {
    get: (keys) => store.get(keys),
    list: (prefix) => store.list(prefix),
    close: () => store.close(),
    commit: async (batch) => {
      const { id, expect } = batch;
      await store.commit({ id, expect, ...half(batch, (key) => !waits(key)) });
      await between();
      await store.commit({ id, expect: [], ...half(batch, waits) });
    },
  };
}
