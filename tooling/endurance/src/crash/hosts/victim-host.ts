import type { Order, Report, VictimOptions } from '../victim/messages.ts';

/** Where victims live: child processes, or pages of a browser. */
export interface VictimHost {
  /** What is printed of it. */
  readonly name: string;
  /** Starts a victim on the one store that this host has, as the last one left it. */
  start(options: VictimOptions, tell: (report: Report) => void): Promise<RunningVictim>;
  /** The store's own server, where it has one that can die. */
  readonly server?: StoreServer;
  /** Removes the store and ends what was started for it. */
  close(): Promise<void>;
}

export interface RunningVictim {
  post(order: Order): void;
  /** SIGKILL; resolves when it is dead and everything that it told has been handed on. */
  kill(): Promise<void>;
  /** Resolves when it has ended, killed or not, to what it left on its standard error. */
  readonly ended: Promise<string>;
}

export interface StoreServer {
  /** Ends at once, without writing anything more. */
  crash(): Promise<void>;
  /** Starts again on what is left, and recovers. */
  restart(): Promise<void>;
}
