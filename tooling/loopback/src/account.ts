import type { Element } from 'ltx';
import type { Connection } from './connection.ts';
import type { PepNode } from './pep-node.ts';

/** A message that the archive of an account or a room keeps (XEP-0313). */
export interface ArchivedMessage {
  /** The id that the delivered copy carries in `<stanza-id/>` (XEP-0359). */
  readonly id: string;
  readonly stamp: Date;
  readonly stanza: Element;
}

/** A message waiting for its recipient to come online. */
export interface OfflineMessage {
  readonly stanza: Element;
  readonly stamp: Date;
}

/** What the server keeps of one account. */
export class Account {
  readonly bareJid: string;
  /** The available resources in the order they came, by full JID. */
  readonly connections = new Map<string, Connection>();
  readonly archive: ArchivedMessage[] = [];
  readonly offline: OfflineMessage[] = [];
  /** Bare JIDs with a presence subscription in both directions. */
  readonly contacts = new Set<string>();
  readonly nodes = new Map<string, PepNode>();

  constructor(bareJid: string) {
    this.bareJid = bareJid;
  }
}
