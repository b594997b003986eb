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
  /** The connected resources in the order they came, by full JID. */
  readonly connections = new Map<string, Connection>();
  readonly archive: ArchivedMessage[] = [];
  readonly offline: OfflineMessage[] = [];
  /** Bare JIDs that are subscribed to this account's presence. */
  readonly contacts = new Set<string>();
  /** Bare JIDs that asked to be, and wait for an answer. */
  readonly asking = new Set<string>();
  readonly nodes = new Map<string, PepNode>();

  constructor(bareJid: string) {
    this.bareJid = bareJid;
  }

  /** The resources that messages to the account are for: those that sent presence (RFC 6121 8.5.2). */
  get available(): readonly Connection[] {
    return [...this.connections.values()].filter(({ presence }) => presence !== undefined);
  }
}
