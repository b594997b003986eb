import type { Order, Report, WriterOptions } from './messages.ts';

/** Where the writers of one account live, with the store that they share. */
export interface WriterHost {
  /** What is printed of it. */
  readonly name: string;
  /** Starts a writer on the common store. */
  start(options: WriterOptions, tell: (report: Report) => void): Promise<RunningWriter>;
  /** Removes the store and ends what was started for it. */
  close(): Promise<void>;
}

export interface RunningWriter {
  post(order: Order): void;
  /** Resolves when it has ended, to what it left to be read: nothing, if all went well. */
  readonly ended: Promise<string>;
  /** Ends it whatever it is at. */
  kill(): Promise<void>;
}
