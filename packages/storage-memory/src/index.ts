export { type MemoryOptions, MemoryStore, type OpenOptions } from './memory-store.ts';
export type { Pause, PausePoint } from './pause.ts';
export { type MemorySnapshot, SharedMemory } from './shared-memory.ts';
