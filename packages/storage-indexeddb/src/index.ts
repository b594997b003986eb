export { type IndexedDbOptions, IndexedDbStore } from './indexeddb-store.ts';
export type { Persistence } from './persistence.ts';
