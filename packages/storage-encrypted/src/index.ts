export { type Argon2Costs, defaultArgon2Costs } from './argon2-costs.ts';
export { EncryptedStore, type EncryptedStoreOptions } from './encrypted-store.ts';
export type { Unlock, UnlockWithKey, UnlockWithPassphrase } from './unlock.ts';
