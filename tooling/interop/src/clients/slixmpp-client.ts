import { fileURLToPath } from 'node:url';
import { peerPython } from '../twomemo-availability.ts';
import { ChatClient, type ChatClientOptions, type Sent, startChatProgram } from './chat-client.ts';

const SCRIPT = fileURLToPath(new URL('../../python/slixmpp_client.py', import.meta.url));
// As for the peer without a network: no __pycache__ in the source tree, the packages of that interpreter.
const PYTHON_OPTIONS = ['-B', '-E', '-s'];

/** slixmpp with python-omemo (OMEMO 2, SCE envelopes): 1:1, rooms, carbons. Up in about a second. */
export class SlixmppClient extends ChatClient {
  /** @throws {InteropError} `peer-unavailable`: a package is missing, the server is not there or refuses the password. */
  static async start(options: ChatClientOptions & { readonly python?: string }): Promise<SlixmppClient> {
    const { jid, port, host = '127.0.0.1', label, password, python, timeoutMs } = options;
    const args = [...PYTHON_OPTIONS, SCRIPT, jid, host, String(port), ...(label === undefined ? [] : [label])];
    return new SlixmppClient(
      jid,
      await startChatProgram({ command: python ?? peerPython(), args, password, timeoutMs }),
    );
  }

  get deviceId(): number {
    return this.about.deviceId!;
  }

  /** Enters a room, which is made when there is none. */
  async join(room: string, nick: string): Promise<void> {
    await this.request('join', { room, nick });
  }

  /** Bare JIDs of all who may be in a room that it is in. */
  members(room: string): Promise<readonly string[]> {
    return this.request('members', { room });
  }

  async setAffiliation(room: string, jid: string, affiliation: 'admin' | 'member' | 'none' | 'outcast'): Promise<void> {
    await this.request('set_affiliation', { room, jid, affiliation });
  }

  /** Encrypts for all devices of all members, in the room or not (XEP-0384 5.8). */
  sendToRoom(room: string, body: string): Promise<Sent> {
    return this.request('send_to_room', { room, body });
  }
}
