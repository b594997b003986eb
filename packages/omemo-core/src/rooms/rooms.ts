import { jidArgument } from '../arguments.ts';
import type { FacadePart } from '../facade-part.ts';
import { roomRecord } from '../records/room.ts';
import type { RoomRules } from './addressees.ts';
import { Room } from './room.ts';

/** The rooms of an account. */
export class Rooms {
  readonly #part: FacadePart;

  /** Made by `Omemo`. */
  constructor(part: FacadePart) {
    this.#part = part;
  }

  /**
   * A room. From now on what it tells of its occupants counts; after a restart that is so for each room that was asked once.
   *
   * @throws OmemoError `invalid-argument` for what is no bare JID.
   */
  room(jid: string, rules: RoomRules = {}): Room {
    this.#part.assertOpen();
    return new Room(this.#part, jidArgument(jid), rules);
  }

  /** Bare JIDs of the rooms that were asked once and not forgotten. */
  async list(): Promise<readonly string[]> {
    this.#part.assertOpen();
    const { context } = this.#part;
    const found = await context.transact((unit) => unit.list(roomRecord, context.keys.roomPrefix));
    return found.map(({ value }) => value.jid);
  }
}
