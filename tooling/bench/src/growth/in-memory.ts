import { MemoryStore } from '@omemo-kit/storage-memory';
import { openPair, type Pair } from '../core/pair.ts';

/** A conversation whose stores are in memory: what grows there grows in a database too, where its disk would hide it. */
export function pairInMemory(): Promise<Pair> {
  return openPair({ alice: new MemoryStore(), bob: new MemoryStore() });
}

/** Messages that are written and read, the other side answering now and then. */
export async function talk(pair: Pair, messages: number): Promise<void> {
  for (let count = 1; count <= messages; count++) {
    await pair.read(await pair.write('hello'));
    if (count % 20 === 0) await pair.answer('hello yourself');
  }
}
