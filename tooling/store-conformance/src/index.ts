export {
  applies,
  type Capability,
  type CheckPlace,
  runStoreCheck,
  type StoreCheck,
  StoreConformanceError,
  type StoreConformanceOptions,
  storeChecks,
} from './checks.ts';
export { storeConformance } from './suite.ts';
