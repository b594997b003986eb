import { SharedMemory } from '@omemo-kit/storage-memory';
import { storeConformance } from '@omemo-kit/store-conformance';
import { EncryptedStore } from '../../src/encrypted-store.ts';
import { HEADER, key } from '../support/keys.ts';

const memories = new Map<string, SharedMemory>();

function memoryAt(place: string, quota?: number): SharedMemory {
  const memory = memories.get(place) ?? new SharedMemory(quota === undefined ? {} : { quota });
  memories.set(place, memory);
  return memory;
}

for (const pause of [undefined, 'macrotask'] as const) {
  const options = pause === undefined ? {} : { pause };
  storeConformance({
    name: `EncryptedStore over a memory with ${pause ?? 'no'} pauses`,
    open: (place) => EncryptedStore.open({ store: memoryAt(place).open(options), key }),
    openSmall: (place) => EncryptedStore.open({ store: memoryAt(place, 256 * 1024).open(options), key }),
    makeNewer: (place) => {
      const memory = memoryAt(place);
      memory.restore(
        memory
          .snapshot()
          .map((record) => (record.key === HEADER ? { ...record, version: record.version + 1 } : record)),
      );
    },
    remove: (place) => void memories.delete(place),
    crash: (place) => {
      const survivor = new SharedMemory();
      survivor.restore(memoryAt(place).snapshot());
      memories.set(place, survivor);
    },
  });
}
