import { randomBytes } from 'node:crypto';
import { InteropError } from '../interop-error.ts';
import type { XmppAccount } from './xmpp-server.ts';

/** The accounts that a server is started with. */
export class Accounts implements Iterable<XmppAccount> {
  readonly #accounts: ReadonlyMap<string, XmppAccount>;
  readonly #domain: string;

  /** @throws {InteropError} `no-such-account` for one on a domain that is not served. */
  constructor(jids: readonly string[], domains: readonly string[]) {
    this.#domain = domains[0]!;
    this.#accounts = new Map(
      jids.map((name) => {
        const jid = this.#full(name);
        const [user, domain, ...rest] = jid.split('@');
        if (user === '' || rest.length > 0 || !domains.includes(domain!)) {
          throw new InteropError('no-such-account', `${name} is no account on ${domains.join(' or ')}`);
        }
        return [jid, { jid, password: randomBytes(9).toString('base64url') }];
      }),
    );
  }

  get(name: string): XmppAccount {
    const account = this.#accounts.get(this.#full(name));
    if (account !== undefined) return account;
    throw new InteropError('no-such-account', `the server was not started with ${name}`);
  }

  [Symbol.iterator](): IterableIterator<XmppAccount> {
    return this.#accounts.values();
  }

  #full(name: string): string {
    return name.includes('@') ? name : `${name}@${this.#domain}`;
  }
}
