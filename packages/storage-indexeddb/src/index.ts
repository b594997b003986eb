export { type IndexedDbOptions, IndexedDbStore } from './indexeddb-store.ts';
export type { DatabaseHistory } from './open-database.ts';
export type { Persistence } from './persistence.ts';
