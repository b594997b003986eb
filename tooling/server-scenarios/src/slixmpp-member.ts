import type { SlixmppClient } from '@omemo-kit/interop';
import type { PythonInRoom } from './python-in-room.ts';
import { nickOf } from './room-under-test.ts';

/** A client on slixmpp and python-omemo, over TCP: nothing of it is ours. */
export class SlixmppMember implements PythonInRoom {
  readonly #client: SlixmppClient;
  readonly #room: string;

  constructor(client: SlixmppClient, room: string) {
    this.#client = client;
    this.#room = room;
  }

  get jid(): string {
    return this.#client.jid;
  }

  get texts(): readonly string[] {
    const inRoom = this.#client.untakenOf('message').filter(({ room }) => room === this.#room);
    return inRoom.map(({ body }) => body);
  }

  get unread(): readonly string[] {
    return this.#client.untakenOf('unread').map(({ exception, message }) => `${exception}: ${message}`);
  }

  enter(): Promise<void> {
    return this.#client.join(this.#room, nickOf(this));
  }

  async say(text: string): Promise<void> {
    await this.#client.sendToRoom(this.#room, text);
  }
}
