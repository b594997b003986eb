import type { BareJid } from '@omemo-kit/omemo-wire';
import type { Limits } from '../limits.ts';
import { RoomPresence } from './room-presence.ts';

/** The presence in the rooms of ours: those that the application has named, or the store knows. */
export class KnownRooms {
  readonly #rooms = new Map<string, RoomPresence>();
  #lostUnknown = false;

  get(jid: string): RoomPresence | undefined {
    return this.#rooms.get(jid);
  }

  add(context: { readonly limits: Limits }, jid: BareJid): RoomPresence {
    const known = this.#rooms.get(jid);
    if (known !== undefined) return known;
    const added = new RoomPresence(jid, context.limits.maxOccupants);
    if (this.#lostUnknown) added.noteLoss();
    this.#rooms.set(jid, added);
    return added;
  }

  /** What a room told is lost, and nobody could say whether it is one of ours: whichever is met from now on must be asked. */
  noteLossOfUnknown(): void {
    this.#lostUnknown = true;
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
