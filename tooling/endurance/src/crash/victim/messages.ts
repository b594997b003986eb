import type { CallReport, ServerAnswer } from '../../remote/server-call.ts';
import type { Parking, Window } from './windows.ts';

/** How the victim is to start. */
export interface VictimOptions {
  readonly jid: string;
  /** Counts from 1. Each life's clock is a minute ahead of the one before, so that claims of the dead have run out. */
  readonly life: number;
  readonly defect?: Defect;
  readonly parking?: Parking;
}

/** A store or a core that is wrong on purpose, to see that it is found. */
export type Defect = 'split-commit' | 'early-ciphertext';

/** What the parent tells the victim. */
export type Order =
  | { readonly type: 'answer'; readonly id: number; readonly answer: ServerAnswer }
  | { readonly type: 'stanza'; readonly number: number; readonly stanza: string }
  | { readonly type: 'say'; readonly to: string; readonly text: string }
  | { readonly type: 'replace-sessions'; readonly jid: string }
  | { readonly type: 'rotate' }
  | { readonly type: 'stored'; readonly id: string }
  | { readonly type: 'reconnect' }
  | { readonly type: 'settle' }
  | { readonly type: 'park'; readonly parking: Parking }
  | { readonly type: 'go-on' };

/** What the victim tells the parent. */
export type Report =
  | { readonly type: 'window' | 'parked' | 'aimed'; readonly window: Window }
  /** Its code is loaded; nothing is opened. */
  | { readonly type: 'hello' }
  /** The store is open: how many records it holds, what its integrity check and a look at every record found. */
  | { readonly type: 'opened'; readonly records: number; readonly problems: readonly string[] }
  /** Everything that was in the inbox is shown, the device is announced. */
  | { readonly type: 'up'; readonly redelivered: number; readonly waiting: number }
  | CallReport
  | { readonly type: 'handled'; readonly number: number; readonly result: string; readonly code?: string }
  | { readonly type: 'show'; readonly id: string; readonly text: string }
  | { readonly type: 'said'; readonly text: string; readonly failed?: string }
  | { readonly type: 'settled'; readonly inbox: number; readonly outbox: number; readonly failures: readonly string[] }
  | { readonly type: 'done'; readonly what: string; readonly failed?: string }
  | { readonly type: 'fatal'; readonly what: string };
