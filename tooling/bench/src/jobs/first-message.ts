import {
  initiatorState,
  type RatchetDecryption,
  type RatchetEncryption,
  type RatchetState,
  ratchetDecrypt,
  ratchetEncrypt,
  recipientState,
} from '@omemo-kit/double-ratchet';
import type { Ed25519PublicKey } from '@omemo-kit/primitives';
import {
  accept,
  type Bundle,
  importKeyExchangeHeader,
  initiate,
  type KeyExchangeHeader,
  verifyBundle,
} from '@omemo-kit/x3dh';
import type { Peer } from './peer.ts';
import { agreementInfo, parameters } from './profile.ts';
import { flatSeal } from './seal.ts';

/** A session begun with its first message. */
export interface FirstMessage extends RatchetEncryption {
  readonly keyExchange: KeyExchangeHeader;
  readonly associatedData: Uint8Array;
}

/** From the bundle of a device to the first message for it. */
export function sendFirst(options: {
  readonly sender: Peer;
  readonly bundle: Bundle;
  readonly known: Ed25519PublicKey | undefined;
  readonly plaintext: Uint8Array;
}): FirstMessage {
  const { sender, known, plaintext } = options;
  const bundle = verifyBundle(options.bundle, known);
  const initiation = initiate({ identityKeyPair: sender.identityKeyPair, bundle, info: agreementInfo });
  const { sharedSecret, associatedData, header: keyExchange, signedPreKey: otherRatchetKey } = initiation;
  const state = initiatorState({ sharedSecret, otherRatchetKey, parameters });
  const sealed = ratchetEncrypt({ state, plaintext, associatedData, aead: flatSeal, parameters });
  return { ...sealed, keyExchange, associatedData };
}

/** The same header with new arrays, about which nothing is remembered. */
export function asReceived(keyExchange: KeyExchangeHeader) {
  return {
    ...keyExchange,
    identityKey: new Uint8Array(keyExchange.identityKey),
    ephemeralKey: new Uint8Array(keyExchange.ephemeralKey),
  };
}

/** From a first message to its plaintext and to a session that can answer. */
export function readFirst(options: {
  readonly recipient: Peer;
  readonly first: Pick<FirstMessage, 'header' | 'message'>;
  readonly keyExchange: ReturnType<typeof asReceived>;
  readonly known: Ed25519PublicKey | undefined;
}): RatchetDecryption & { readonly associatedData: Uint8Array } {
  const { recipient, first, known } = options;
  const header = importKeyExchangeHeader(options.keyExchange, known);
  const { identityKeyPair, signedPreKey } = recipient;
  const preKey = recipient.preKeys[header.preKeyId - 1];
  if (preKey === undefined) throw new RangeError(`there is no pre-key ${header.preKeyId}`);
  const { sharedSecret, associatedData } = accept({
    identityKeyPair,
    signedPreKey,
    preKey,
    header,
    info: agreementInfo,
  });
  const decryption = ratchetDecrypt({
    state: recipientState({ sharedSecret, ownRatchetKey: signedPreKey.keyPair }),
    header: first.header,
    message: first.message,
    associatedData,
    aead: flatSeal,
    parameters,
  });
  return { ...decryption, associatedData };
}

export interface SessionPair {
  readonly associatedData: Uint8Array;
  readonly initiator: RatchetState;
  readonly recipient: RatchetState;
}

/** Both halves of a session whose first message was read. */
export function sessionPair(sender: Peer, recipient: Peer, bundle: Bundle, plaintext: Uint8Array): SessionPair {
  const first = sendFirst({ sender, bundle, known: undefined, plaintext });
  const read = readFirst({ recipient, first, keyExchange: asReceived(first.keyExchange), known: undefined });
  return { associatedData: first.associatedData, initiator: first.state, recipient: read.state };
}
