/** A member of a room with python-omemo: it reads what it can, and looks up itself whom it writes to. */
export interface PythonInRoom {
  readonly jid: string;
  /** What it read in the room, in order. */
  readonly texts: readonly string[];
  /** Why it could not read something. */
  readonly unread: readonly string[];
  enter(): Promise<void>;
  say(text: string): Promise<void>;
}
