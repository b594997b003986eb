import type { Element } from 'ltx';
import type { Direction } from './direction.ts';
import type { FaultKind } from './faults.ts';

/** One stanza at the border, as it was before a fault changed it. */
export interface LogEntry {
  /** Counts from 1. */
  readonly sequence: number;
  readonly direction: Direction;
  /** Full JID of the client at the other end. */
  readonly jid: string;
  /** A copy of its own. */
  readonly stanza: Element;
  /** The fault that a rule put in its way. */
  readonly fault: FaultKind | undefined;
}
