/** Jobs by their letter: see the README. */
export const jobIds = ['a', 'a1', 'b', 'c', 'cw', 'd', 'e', 'f', 'g'] as const;
export type JobId = (typeof jobIds)[number];

/** Something that users wait for, done through the public interfaces of the packages. */
export interface Job {
  readonly id: JobId;
  readonly title: string;
  /** What one unit is. */
  readonly unit: 'device' | 'message' | 'pair of messages' | 'set of pre-keys';
  /** A batch always has a multiple of so many units. */
  readonly step: number;
  /** Makes everything that is not part of the job. */
  prepare(units: number): Batch;
}

/** Some units, to be run once. */
export interface Batch {
  /** The job itself: this is what is timed. */
  run(): void;
  /** The same messages in the order in which they were sent, where the job reads them in another one. */
  inOrder?(): void;
  /** After `run`: throws unless it did what it says. */
  check(): void;
}
