import { NODE_BUNDLES, NODE_DEVICES, NS_OMEMO } from '@omemo-kit/omemo-wire';
import { concatBytes } from '@omemo-kit/primitives';
import { KEY_EXCHANGE_INFO, ROOT_KEY_INFO } from './key-material.ts';
import { messageAead } from './message-aead.ts';
import { elementCodec } from './omemo2-elements.ts';
import { keyCodec } from './omemo2-keys.ts';
import { openPayload, sealPayload } from './payload.ts';
import type { ProtocolProfile } from './profile.ts';

/** OMEMO 2, XEP-0384 0.9.0. */
export const omemo2: ProtocolProfile = {
  namespace: NS_OMEMO,
  devicesNode: NODE_DEVICES,
  bundlesNode: NODE_BUNDLES,
  keyExchangeInfo: KEY_EXCHANGE_INFO,
  // The same in both directions (XEP-0384 4.2, X09).
  associatedData: ({ initiator, recipient }) => concatBytes(initiator, recipient),
  ratchetParameters: ({ maxSkip, maxStoredSkipped }) => ({ rootKeyInfo: ROOT_KEY_INFO, maxSkip, maxStoredSkipped }),
  messageAead,
  keys: keyCodec,
  sealPayload,
  openPayload,
  // 32 zero bytes instead of key and tag (XEP-0384 5.5.3).
  emptyKeyMaterial: new Uint8Array(32),
  elements: elementCodec,
};
