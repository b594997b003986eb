import { Omemo, textBody, trustOnFirstUse } from '@omemo-kit/omemo-core';
import { IndexedDbStore } from '@omemo-kit/storage-indexeddb';
import { type Watched, watchTasks } from './longest-task.ts';
import type { MadeRoom } from './made-room.ts';
import { memoryTransport } from './memory-transport.ts';

export interface RoomStart {
  /** A new device: identity and 100 pre-keys made, stored and published. */
  readonly opening: Watched;
  /** Until the first message to everybody could be sent: lists and bundles fetched, keys remembered, sessions started and stored. */
  readonly message: Watched;
}

const OWN = 'own@example.org';

/** As on a page that did not come over TLS, or in an older browser. */
export function withoutWebCrypto(): void {
  Object.defineProperty(crypto, 'subtle', { value: undefined });
}

/** A new device writes its first message to a room, in a page where nothing has run yet. */
export async function startRoom(made: MadeRoom): Promise<RoomStart> {
  const store = await IndexedDbStore.open({ name: crypto.randomUUID(), persist: 'never' });
  const transport = memoryTransport(OWN, made);
  let omemo: Omemo | undefined;
  const opening = await watchTasks(async () => {
    omemo = await Omemo.open({ jid: OWN, store, transport, trust: trustOnFirstUse, upkeep: 'manual' });
    await omemo.start();
  });
  const room = omemo?.rooms.room('room@muc.example.org');
  await room?.refresh();
  let reached = 0;
  const message = await watchTasks(async () => {
    const encrypted = await room?.encrypt({ content: [textBody('hello')] });
    reached = encrypted?.devices.length ?? 0;
  });
  if (reached !== Object.keys(made.bundles).length) throw new RangeError(`only ${reached} devices were reached`);
  await omemo?.close();
  await store.close();
  return { opening, message };
}
