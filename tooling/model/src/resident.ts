import type { Connection } from '@omemo-kit/loopback';
import type { Omemo, Randomness, RollbackCounter } from '@omemo-kit/omemo-core';
import type { MemorySnapshot, SharedMemory } from '@omemo-kit/storage-memory';
import type { Element } from 'ltx';
import type { PolicyName } from './setup.ts';

/** A device as it runs: a connection, a store, and the stanzas under way to it, which the schedule rules over. */
export interface Resident {
  readonly policy: PolicyName;
  readonly connection: Connection;
  readonly name: string;
  memory: SharedMemory;
  omemo: Omemo;
  readonly counter: RollbackCounter;
  readonly randomness: Randomness;
  /** Encrypted messages that have not come yet. */
  readonly underWay: Element[];
  /** Those that have. */
  readonly delivered: Element[];
  copy: MemorySnapshot | undefined;
  backup: Uint8Array | undefined;
  /** What its listener threw. */
  readonly errors: unknown[];
}
