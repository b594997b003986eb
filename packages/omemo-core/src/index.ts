export * from './ports/store.ts';
export * from './ports/transport.ts';
