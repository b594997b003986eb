import type { Element } from 'ltx';
import type { Direction } from './direction.ts';
import { type Crossing, Faults } from './faults.ts';
import type { LogEntry } from './log.ts';
import { Scheduler } from './scheduler.ts';
import { copyElement, errorReply, type StanzaErrorOptions } from './stanza.ts';

/** What becomes of a stanza that crosses the border. */
export interface Passage {
  readonly direction: Direction;
  /** Full JID of the client. */
  readonly jid: string;
  /** Nobody else's any more. */
  readonly stanza: Element;
  arrive(stanza: Element): void;
  /** Called at most once, and never after an arrival. */
  lost?(): void;
  held?(): void;
  /** An error in place of the stanza, addressed to its sender. */
  failed(error: Element): void;
}

/** The border between clients and server: every stanza crosses it once, is logged, and meets the faults. */
export class Border {
  readonly faults = new Faults();
  readonly log: LogEntry[] = [];
  readonly scheduler = new Scheduler();
  readonly #watchers = new Set<(entry: LogEntry) => void>();
  #sequence = 0;
  #heldRequests = 0;

  /** Calls the watcher with each entry of the log as it is written; the function returned ends that. */
  watch(watcher: (entry: LogEntry) => void): () => void {
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  }

  cross(passage: Passage): void {
    const { direction, jid, stanza } = passage;
    const isRequest = stanza.getName() === 'iq';
    let isHeld = false;
    const leaveHold = (): void => {
      if (isHeld && isRequest) this.#heldRequests--;
      isHeld = false;
    };
    const crossing: Crossing = {
      direction,
      jid,
      stanza,
      arrive: (arriving) => {
        leaveHold();
        this.scheduler.enqueue(() => passage.arrive(arriving));
      },
      lost: () => {
        leaveHold();
        this.scheduler.enqueue(() => passage.lost?.());
      },
      held: () => {
        isHeld = true;
        if (isRequest) this.#heldRequests++;
        passage.held?.();
      },
      fail: (options: StanzaErrorOptions) => {
        const error = errorReply(stanza, options);
        this.scheduler.enqueue(() => passage.failed(error));
      },
    };
    const fault = this.faults.meet(crossing);
    this.#write({ sequence: ++this.#sequence, direction, jid, stanza: copyElement(stanza), fault: fault?.kind });
    if (fault === undefined) crossing.arrive(stanza);
    else fault.act(crossing);
  }

  settle(): Promise<void> {
    return this.scheduler.settle(() => this.#heldRequests > 0);
  }

  #write(entry: LogEntry): void {
    this.log.push(entry);
    for (const watcher of this.#watchers) watcher(entry);
  }
}
