import type { CallReport, ServerAnswer } from '../remote/server-call.ts';

/** What the parent tells a writer. */
export type Order =
  | { readonly type: 'answer'; readonly id: number; readonly answer: ServerAnswer }
  /** Announces the device. */
  | { readonly type: 'start' }
  /** Writes that many messages, one after the other. */
  | { readonly type: 'write'; readonly to: string; readonly messages: number }
  /** A stanza came for the account, and this writer is the one to read it. */
  | { readonly type: 'stanza'; readonly stanza: string }
  /** The server has these stanzas. */
  | { readonly type: 'sent'; readonly ids: readonly string[] }
  /** Pays what is owed. */
  | { readonly type: 'settle' }
  /** Ends in good order. */
  | { readonly type: 'finish' };

/** What a writer tells the parent. */
export type Report =
  | { readonly type: 'opened'; readonly deviceId: number }
  | { readonly type: 'started' | 'settled' | 'written' }
  | CallReport
  /** Encrypted and committed: it goes out now. */
  | { readonly type: 'out'; readonly id: string; readonly stanza: string }
  /** It read a message. */
  | { readonly type: 'read'; readonly id: string; readonly text: string }
  /** A call of omemo-core rejected, or a result said that something could not be read. */
  | { readonly type: 'trouble'; readonly during: string; readonly code: string; readonly message: string }
  | { readonly type: 'finished'; readonly counts: WriterCounts };

export interface WriterCounts {
  readonly commits: number;
  /** Commits that another writer had been faster than. */
  readonly conflicts: number;
  /** Milliseconds that each message took, until it was committed. */
  readonly waits: readonly number[];
  /** What is left in the boxes of the account. */
  readonly inbox: number;
  readonly outbox: number;
}

export interface WriterOptions {
  readonly jid: string;
  /** Begins the ids and texts of this writer's messages. */
  readonly name: string;
}
