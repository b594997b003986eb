import { Omemo, textBody, trustOnFirstUse } from '@omemo-kit/omemo-core';
import { IndexedDbStore } from '@omemo-kit/storage-indexeddb';
import { type Tasks, watchTasks } from './longest-task.ts';
import type { MadeRoom } from './made-room.ts';
import { memoryTransport } from './memory-transport.ts';

export interface RoomStart extends Tasks {
  /** Until the first message to everybody could be sent: lists and bundles fetched, keys remembered, sessions started and stored. */
  readonly milliseconds: number;
}

/** As on a page that did not come over TLS, or in an older browser. */
export function withoutWebCrypto(): void {
  Object.defineProperty(crypto, 'subtle', { value: undefined });
}

/** A new device writes its first message to a room, in a page where nothing has run yet. */
export async function startRoom(made: MadeRoom): Promise<RoomStart> {
  const store = await IndexedDbStore.open({ name: crypto.randomUUID(), persist: 'never' });
  const transport = memoryTransport(made);
  const omemo = await Omemo.open({
    jid: 'own@example.org',
    store,
    transport,
    trust: trustOnFirstUse,
    upkeep: 'manual',
  });
  const room = omemo.rooms.room('room@muc.example.org');
  await room.refresh();
  let milliseconds = 0;
  let reached = 0;
  const tasks = await watchTasks(async () => {
    const began = performance.now();
    const { devices } = await room.encrypt({ content: [textBody('hello')] });
    milliseconds = performance.now() - began;
    reached = devices.length;
  });
  if (reached !== Object.keys(made.bundles).length) throw new RangeError(`only ${reached} devices were reached`);
  await omemo.close();
  await store.close();
  return { milliseconds, ...tasks };
}
