/** What every server here takes. */
export interface XmppServerOptions {
  /** Bare JIDs on its domains; a name without a domain is on the first one. Each gets a password of its own. */
  readonly accounts: readonly string[];
  /** Domains it serves, which talk to each other inside it. `localhost` unless given. */
  readonly domains?: readonly string[];
  /** Items a PEP node holds at most, which is what `max_items=max` means. 1,000 unless given. */
  readonly maxItems?: number;
  /** How long it may take to come up. 30 seconds unless given. */
  readonly timeoutMs?: number;
}

export interface XmppAccount {
  /** Bare JID. */
  readonly jid: string;
  readonly password: string;
}

/**
 * A server of its own for a test: on 127.0.0.1 only, on ports nobody else has, with its data in a folder of its own. It is gone
 * with its data after `close()`, and when this process ends in whatever way.
 *
 * Streams are not encrypted (there is no STARTTLS to be upgraded to), SCRAM-SHA-1 and PLAIN are offered. Rooms are made by
 * joining them, and are open to members only, non-anonymous, persistent and archived until configured otherwise.
 */
export interface XmppServer extends AsyncDisposable {
  readonly software: 'prosody' | 'ejabberd';
  /** The first of its domains. */
  readonly domain: string;
  readonly domains: readonly string[];
  /** Domain of its rooms. */
  readonly mucDomain: string;
  /** Where it listens: the IP address. */
  readonly host: string;
  /** Port of client streams over TCP. */
  readonly c2sPort: number;
  /** XMPP over WebSocket (RFC 7395). */
  readonly websocketUrl: string;
  /** `xmpp://` and address, as @xmpp/client takes it. */
  readonly tcpUrl: string;
  /** Process id, as long as it runs. */
  readonly pid: number | undefined;
  /** Address and password of an account it was started with. @throws {InteropError} `no-such-account`. */
  account(jid: string): XmppAccount;
  /** The last that it wrote to its log. */
  log(): string;
  /** Ends it at once, without a goodbye to its clients. Resolves when it and its folder are gone. */
  close(): Promise<void>;
}
