import type { XmppServer } from '@omemo-kit/interop';
import type { AccountUnderTest, Link, ServerUnderTest } from './server-under-test.ts';
import { type Wire, xmppjsLink } from './xmppjs-link.ts';

/** A server of its own that runs as long as a block of tests. */
export class ServerProcess {
  readonly software: 'prosody' | 'ejabberd';
  readonly #start: (accounts: readonly string[]) => Promise<XmppServer>;
  readonly #names: readonly string[];
  #server: XmppServer | undefined;
  #accounts = 0;

  constructor(options: {
    readonly software: 'prosody' | 'ejabberd';
    readonly accounts: number;
    readonly start: (accounts: readonly string[]) => Promise<XmppServer>;
  }) {
    this.software = options.software;
    this.#start = options.start;
    this.#names = Array.from({ length: options.accounts }, (_, index) => `user${index}`);
  }

  async start(): Promise<void> {
    this.#server = await this.#start(this.#names);
  }

  async close(): Promise<void> {
    await this.#server?.close();
  }

  /** @throws Error before it is started. */
  get server(): XmppServer {
    if (this.#server === undefined) throw new Error(`${this.software} is not running`);
    return this.#server;
  }

  freshAccount(): AccountUnderTest {
    const name = this.#names[this.#accounts++];
    if (name === undefined) throw new Error(`the ${this.#names.length} accounts of ${this.software} are used up`);
    return this.server.account(name);
  }
}

/** Prosody or ejabberd, over TCP or WebSocket. */
export class RealServerUnderTest implements ServerUnderTest {
  readonly title: string;
  readonly software: 'prosody' | 'ejabberd';
  readonly #process: ServerProcess;
  readonly #wire: Wire;

  constructor(process: ServerProcess, wire: Wire) {
    this.#process = process;
    this.#wire = wire;
    this.software = process.software;
    this.title = `${process.software === 'prosody' ? 'Prosody' : 'ejabberd'} over ${wire}`;
  }

  get roomDomain(): string {
    return this.#process.server.mucDomain;
  }

  get c2sPort(): number {
    return this.#process.server.c2sPort;
  }

  freshAccount(): AccountUnderTest {
    return this.#process.freshAccount();
  }

  connect(account: AccountUnderTest, resource: string): Promise<Link> {
    return xmppjsLink(this.#process.server, this.#wire, { account, resource });
  }
}
