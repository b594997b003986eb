import { NODE_BUNDLES, NODE_DEVICES, NS_OMEMO } from '@omemo-kit/omemo-wire';
import { KEY_EXCHANGE_INFO, ROOT_KEY_INFO } from './key-material.ts';
import { messageAead } from './message-aead.ts';
import { openPayload, sealPayload } from './payload.ts';
import type { ProtocolProfile } from './profile.ts';

/** OMEMO 2, XEP-0384 0.9.0. */
export const omemo2: ProtocolProfile = {
  namespace: NS_OMEMO,
  devicesNode: NODE_DEVICES,
  bundlesNode: NODE_BUNDLES,
  keyExchangeInfo: KEY_EXCHANGE_INFO,
  ratchetParameters: ({ maxSkip, maxStoredSkipped }) => ({ rootKeyInfo: ROOT_KEY_INFO, maxSkip, maxStoredSkipped }),
  messageAead,
  sealPayload,
  openPayload,
  // 32 zero bytes instead of key and tag (XEP-0384 5.5.3).
  emptyKeyMaterial: new Uint8Array(32),
};
