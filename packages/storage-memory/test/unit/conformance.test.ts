import { SharedMemory } from '@omemo-kit/storage-memory';
import { storeConformance } from '@omemo-kit/store-conformance';

const memories = new Map<string, SharedMemory>();

function memoryAt(place: string, quota?: number): SharedMemory {
  const memory = memories.get(place) ?? new SharedMemory(quota === undefined ? {} : { quota });
  memories.set(place, memory);
  return memory;
}

for (const pause of [undefined, 'microtask', 'macrotask'] as const) {
  const options = pause === undefined ? {} : { pause };
  storeConformance({
    name: `MemoryStore with ${pause ?? 'no'} pauses`,
    open: (place) => memoryAt(place).open(options),
    openSmall: (place) => memoryAt(place, 256 * 1024).open(options),
    // No layout of its own that a newer release could change.
    lacks: ['newer release'],
    remove: (place) => void memories.delete(place),
    // What a process that died leaves behind is what is in the memory at that moment.
    crash: (place) => {
      const survivor = new SharedMemory();
      survivor.restore(memoryAt(place).snapshot());
      memories.set(place, survivor);
    },
  });
}
