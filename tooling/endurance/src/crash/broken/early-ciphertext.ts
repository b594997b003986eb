import type { Store, Transport } from '@omemo-kit/omemo-core/ports';
import { outboxRecord, recordKeys } from '@omemo-kit/omemo-core/records';
import { parseXml } from '@omemo-kit/omemo-wire';

/**
 * WRONG ON PURPOSE: makes a core that lets ciphertext go before the commit that spends its message keys, by sending what
 * a commit is about to put into the outbox. The kill tests are shown to find it.
 */
export function sendBeforeCommit(store: Store, transport: Transport, account: string): Store {
  const { outboxPrefix } = recordKeys(account);
  return {
    get: (keys) => store.get(keys),
    list: (prefix) => store.list(prefix),
    close: () => store.close(),
    commit: async (batch) => {
      for (const { key, value, version } of batch.put) {
        if (!key.startsWith(`${outboxPrefix}/`)) continue;
        const { stanza } = outboxRecord.decode({ value, version });
        void transport.send(parseXml(stanza)).catch(() => undefined);
      }
      await store.commit(batch);
    },
  };
}
