import { LoopbackServer } from '@omemo-kit/loopback';
import type { AccountUnderTest, Link, ServerUnderTest } from './server-under-test.ts';

/** The server in memory, behind the same interface as the real ones. */
export class LoopbackUnderTest implements ServerUnderTest {
  readonly title = 'the loopback server';
  readonly software = 'loopback';
  readonly roomDomain = 'rooms.localhost';
  readonly c2sPort = undefined;
  readonly #server = new LoopbackServer();
  #accounts = 0;

  freshAccount(): AccountUnderTest {
    const jid = `user${this.#accounts++}@localhost`;
    this.#server.register(jid);
    return { jid, password: '' };
  }

  async connect({ jid }: AccountUnderTest, resource: string): Promise<Link> {
    const connection = this.#server.connect(`${jid}/${resource}`, { session: 'bare' });
    return { channel: connection, leave: async () => connection.disconnect() };
  }
}
