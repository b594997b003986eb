import type { BareJid } from '@omemo-kit/omemo-wire';
import type { Limits } from '../limits.ts';
import { RoomPresence } from './room-presence.ts';

/** The presence in the rooms of ours: those that the application has named, or the store knows. */
export class KnownRooms {
  readonly #rooms = new Map<string, RoomPresence>();

  get(jid: string): RoomPresence | undefined {
    return this.#rooms.get(jid);
  }

  add(context: { readonly limits: Limits }, jid: BareJid): RoomPresence {
    const known = this.#rooms.get(jid) ?? new RoomPresence(jid, context.limits.maxOccupants);
    this.#rooms.set(jid, known);
    return known;
  }

  delete(jid: string): void {
    this.#rooms.delete(jid);
  }

  /** We are in none of them any more. */
  newSession(now: number): void {
    for (const room of this.#rooms.values()) room.newSession(now);
  }

  get joined(): readonly RoomPresence[] {
    return [...this.#rooms.values()].filter(({ joined }) => joined);
  }
}
