import type { StanzaChannel } from '@omemo-kit/transport-stanzas';

/** Where a scenario is played: the same script on each. */
export interface ServerUnderTest {
  /** How tests name it: `Prosody over TCP`. */
  readonly title: string;
  readonly software: 'loopback' | 'prosody' | 'ejabberd';
  /** Domain of rooms; they are made by who enters them first. */
  readonly roomDomain: string;
  /** Where programs connect over TCP; those of the loopback server cannot. */
  readonly c2sPort: number | undefined;
  /** An account that no other test has touched. */
  freshAccount(): AccountUnderTest;
  /** Connects a resource. It has sent no presence: nothing comes by itself yet. */
  connect(account: AccountUnderTest, resource: string): Promise<Link>;
}

export interface AccountUnderTest {
  /** Bare JID. */
  readonly jid: string;
  readonly password: string;
}

/** A resource that is connected, over whatever there is between it and the server. */
export interface Link {
  readonly channel: StanzaChannel;
  /** Says goodbye. The session is not resumed. */
  leave(): Promise<void>;
}
