export { type Acceptance, accept } from './accept.ts';
export { type Bundle, type PreKey, type VerifiedBundle, verifyBundle } from './bundle.ts';
export { type Initiation, initiate } from './initiate.ts';
export { importKeyExchangeHeader, type KeyExchangeHeader, type RawKeyExchangeHeader } from './key-exchange-header.ts';
export { generatePreKeys, generateSignedPreKey, type PreKeyPair, type SignedPreKeyPair } from './pre-keys.ts';
export { type InitiatorRandomness, systemRandomness, type X3dhRandomness } from './randomness.ts';
export { X3dhError, type X3dhErrorCode, type X3dhErrorDetails } from './x3dh-error.ts';
