import type { Draw } from './draw.ts';

/** What is fed in. It can be written into a file and read from it. */
export type Input = string | Uint8Array;

/** `accepted`, or the code that it was refused with. */
export type Outcome = string;

export const ACCEPTED: Outcome = 'accepted';

/** A target that is ready. Runs leave nothing behind for each other. */
export interface OpenTarget {
  generate(draw: Draw): Input;
  /** Throws, or rejects with, whatever is no typed refusal: a defect. */
  run(input: Input): Outcome | Promise<Outcome>;
}

/** Something that reads what others wrote. */
export interface Target {
  readonly name: string;
  /** Makes what all runs need: samples, a store, devices that know each other. */
  open(): Promise<OpenTarget>;
}
