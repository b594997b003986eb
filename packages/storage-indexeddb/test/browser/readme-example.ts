import { StoreError } from '@omemo-kit/omemo-core/ports';
import { IndexedDbStore } from '@omemo-kit/storage-indexeddb';

const store = await IndexedDbStore.open({ name: 'my-client' });
console.log(await store.persisted); // 'granted', 'refused', …: whether the browser may delete it by itself

// One transaction, and on the disk when it resolves.
const expect = [{ key: 'alice/counter', revision: null }];
const put = [{ key: 'alice/counter', value: Uint8Array.of(1), version: 1 }];
await store.commit({ id: crypto.getRandomValues(new Uint8Array(16)), expect, put, remove: [] });

// Another tab has read the same and comes too late.
const otherTab = await IndexedDbStore.open({ name: 'my-client', persist: 'never' });
const late = otherTab.commit({ id: crypto.getRandomValues(new Uint8Array(16)), expect, put, remove: [] });
const error: unknown = await late.catch((reason: unknown) => reason);
if (!(error instanceof StoreError) || error.code !== 'conflict') throw new Error('two tabs created one record');
console.log(error.keys); // ['alice/counter']

await otherTab.close();
await store.close();
