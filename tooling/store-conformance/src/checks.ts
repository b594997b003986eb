import { bufferChecks } from './checks/buffers.ts';
import { closingChecks } from './checks/closing.ts';
import { commitChecks } from './checks/commits.ts';
import { concurrencyChecks } from './checks/concurrency.ts';
import { conflictChecks } from './checks/conflicts.ts';
import { invalidBatchChecks } from './checks/invalid-batches.ts';
import { keyChecks } from './checks/keys.ts';
import { listingChecks } from './checks/listing.ts';
import { randomBatchChecks } from './checks/random-batches.ts';
import { readingChecks } from './checks/reading.ts';
import type { StoreCheck } from './store-check.ts';

export { StoreConformanceError } from './conformance-error.ts';
export type { Capability, StoreConformanceOptions } from './options.ts';
export { applies, type CheckPlace, runStoreCheck, type StoreCheck } from './store-check.ts';

/** Every rule of the contract, each under its own name. */
export const storeChecks: readonly StoreCheck[] = [
  ...readingChecks,
  ...keyChecks,
  ...listingChecks,
  ...commitChecks,
  ...conflictChecks,
  ...invalidBatchChecks,
  ...bufferChecks,
  ...concurrencyChecks,
  ...randomBatchChecks,
  ...closingChecks,
];
