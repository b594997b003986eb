/**
 * The two ports alone, for adapters: nothing behind this entry loads any cryptography.
 */
export { checkBatch, checkKey } from './check-batch.ts';
export { copyBatch } from './copy-batch.ts';
export {
  type Batch,
  type Expectation,
  type Put,
  type Store,
  type StoredRecord,
  StoreError,
  type StoreErrorCode,
} from './store.ts';
export {
  type ConfigureRequest,
  type FetchRequest,
  type NodeOptions,
  type PublishRequest,
  type PubsubItem,
  type RetractRequest,
  type Transport,
  TransportError,
} from './transport.ts';
