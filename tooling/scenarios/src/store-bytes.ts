import { createHash } from 'node:crypto';
import type { SharedMemory } from '@omemo-kit/storage-memory';

/** One value for every byte in a memory, names and revisions included: equal before and after, nothing was written. */
export function storeBytes(memory: SharedMemory): string {
  const digest = createHash('sha256');
  for (const { key, value, version, revision } of memory.snapshot()) {
    digest.update(`${key} ${version} ${value.length} `).update(value).update(revision);
  }
  return digest.digest('hex');
}
