import type { PolicyName } from '@omemo-kit/omemo-core';

/** An account of this program's user, as `login` wrote it down. */
export interface Account {
  /** Bare JID. */
  readonly jid: string;
  /** Where the server is, as @xmpp/client takes it: `wss://…`, `xmpp://host:port`; found by the domain when left out. */
  readonly service?: string;
  /** What a new identity key is worth before somebody looked at it. */
  readonly policy: PolicyName;
  /** Left out when it is to be asked for each time. */
  readonly password?: string;
}
