/**
 * Who a message to a room is for has changed, or has to be found out again. Types of events import nothing that works with
 * the store.
 */
export interface RoomMembersEvent {
  readonly type: 'room-members';
  /** Bare JID of the room. */
  readonly room: string;
  /** Bare JIDs of accounts that can read what is written from now on, if they have OMEMO. */
  readonly added: readonly string[];
  /** Bare JIDs of accounts that get no key from now on. */
  readonly removed: readonly string[];
  /**
   * `current`: it is known whom to write to. `stale`: the room was entered just now, or its configuration changed, and is to
   * be asked: upkeep does, or `Room.refresh`. `left`: we are not in it any more. `destroyed`: nobody is.
   */
  readonly state: 'current' | 'stale' | 'left' | 'destroyed';
}
