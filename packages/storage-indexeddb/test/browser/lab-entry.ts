/** Runs in a page or a worker: what happens to a store from outside it, and what it does to the browser. */
export * from './behind-the-back.ts';
export * from './counting.ts';
export * from './layout-1.ts';
export * from './raw-holders.ts';
export * from './remote-entry.ts';
export * from './witness.ts';
