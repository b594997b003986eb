import type { SharedMemory } from '@omemo-kit/storage-memory';
import { EncryptedStore } from '../../src/encrypted-store.ts';
import type { Unlock } from '../../src/unlock.ts';

export function open(memory: SharedMemory, unlock: Unlock): Promise<EncryptedStore> {
  return EncryptedStore.open({ store: memory.open(), ...unlock });
}
