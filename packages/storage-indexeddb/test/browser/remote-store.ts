/** In Node: a store that lives in a page or a worker. */
import type { EntryRealm } from '@omemo-kit/backends/chromium';
import { type Batch, type Store, StoreError } from '@omemo-kit/omemo-core/ports';
import type { IndexedDbOptions } from '../../src/index.ts';
import type { Answer } from './remote-entry.ts';

export type RemoteRealm = EntryRealm<typeof import('./remote-entry.ts')>;

export const remoteEntry = new URL('remote-entry.ts', import.meta.url);

/** Opens a store on the database of this name, there. */
export async function openRemote(
  realm: RemoteRealm,
  name: string,
  options: Pick<IndexedDbOptions, 'patience' | 'persist' | 'missing'> = {},
): Promise<Store> {
  const store = unwrap(await realm.call('open', name, options));
  return {
    get: async (keys) => unwrap(await realm.call('get', store, keys)),
    list: async function* (prefix) {
      yield* unwrap(await realm.call('list', store, prefix));
    },
    commit: async (batch: Batch) => unwrap(await realm.call('commit', store, batch)),
    close: async () => unwrap(await realm.call('close', store)),
  };
}

function unwrap<T>(answer: Answer<T>): T {
  if ('value' in answer) return answer.value;
  throw new StoreError(answer.code, answer.message, { keys: answer.keys });
}
