import type { Store } from '@omemo-kit/omemo-core/ports';
import { type Pause, SharedMemory } from '@omemo-kit/storage-memory';
import { Writer } from './writer.ts';
import type { WriterHost } from './writer-host.ts';

export interface MemoryHostOptions {
  /** How calls give way to those of the other writers; by default for a turn of the event loop. */
  readonly pause?: Pause;
  /** What each writer gets in the place of a store on the common memory. */
  wrap?(store: Store): Store;
}

/** Writers in this very process on one memory. */
export function memoryHost({ pause = aTurn, wrap = (store) => store }: MemoryHostOptions = {}): WriterHost {
  const memory = new SharedMemory();
  return {
    name: 'memory, one process',
    start: async (options, tell) => {
      let end = (_: string) => {};
      const ended = new Promise<string>((resolve) => {
        end = resolve;
      });
      const writer = await Writer.open(options, wrap(memory.open({ pause })), (report) => {
        tell(report);
        if (report.type === 'finished') end('');
      });
      return { ended, post: (order) => writer.obey(order), kill: async () => end('killed') };
    },
    close: async () => {},
  };
}

/** Timers wait for a millisecond at least; this does not. */
function aTurn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}
