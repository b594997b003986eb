import type { Aead, RatchetHeader, RatchetParameters } from '@omemo-kit/double-ratchet';
import type { AddressedKey, BareJid, ListedDevice } from '@omemo-kit/omemo-wire';
import type { Ed25519PublicKey } from '@omemo-kit/primitives';
import type { Bundle, KeyExchangeHeader, RawKeyExchangeHeader } from '@omemo-kit/x3dh';
import type { Element } from 'ltx';

/**
 * One version of the OMEMO protocol: every constant, byte layout and XML element that sessions, device lists and messages
 * need. The rest of omemo-core knows them through this interface only, so that another version is another profile.
 * Everything that reads throws a WireError for what is not laid out so.
 */
export interface ProtocolProfile {
  /** XML namespace, and what tells the versions apart in hashes. */
  readonly namespace: string;
  readonly devicesNode: string;
  readonly bundlesNode: string;
  /** X3DH's info string. */
  readonly keyExchangeInfo: Uint8Array;
  /** AD of a session: the identity keys of who started it and of who accepted. */
  associatedData(keys: { readonly initiator: Ed25519PublicKey; readonly recipient: Ed25519PublicKey }): Uint8Array;
  /** Info of KDF_RK, and the limits on skipped message keys. */
  ratchetParameters(limits: { readonly maxSkip: number; readonly maxStoredSkipped: number }): RatchetParameters;
  /** ENCRYPT and DECRYPT of the Double Ratchet with this version's message layout. */
  readonly messageAead: Aead;
  readonly keys: KeyCodec;
  sealPayload(input: { readonly key: Uint8Array; readonly plaintext: Uint8Array }): SealedPayload;
  openPayload(input: { readonly keyMaterial: Uint8Array; readonly ciphertext: Uint8Array }): Uint8Array;
  /** What the ratchet carries in a message without payload. */
  readonly emptyKeyMaterial: Uint8Array;
  readonly elements: ElementCodec;
}

export interface SealedPayload {
  readonly ciphertext: Uint8Array;
  /** What the ratchet carries to each device: payload key and payload tag. */
  readonly keyMaterial: Uint8Array;
}

/** Content of a `<key>`: a sealed ratchet message, with a key exchange around it or not. */
export type KeyContent =
  | { readonly type: 'message'; readonly message: Uint8Array }
  | { readonly type: 'key-exchange'; readonly header: RawKeyExchangeHeader; readonly message: Uint8Array };

/** The bytes that travel in a `<key>`. */
export interface KeyCodec {
  read(content: Uint8Array): KeyContent;
  writeKeyExchange(exchange: { readonly header: KeyExchangeHeader; readonly message: Uint8Array }): Uint8Array;
  /** The ratchet header in a sealed message. It is not authenticated by being there. */
  readHeader(message: Uint8Array): RatchetHeader;
  /** The part of a sealed message that its tag covers: what makes it this message. */
  authenticatedPart(message: Uint8Array): Uint8Array;
}

export interface EncryptedElement {
  readonly sid: number;
  readonly keys: readonly AddressedKey[];
  readonly payload?: Uint8Array;
}

export interface ReceivedElement {
  readonly sid: number;
  /** Content of this device's `<key>`; undefined when there is none. */
  readonly key: Uint8Array | undefined;
  readonly payload: Uint8Array | undefined;
}

/** The XML elements of this version. */
export interface ElementCodec {
  readDevices(element: Element, limits: { readonly maxDevices: number }): readonly ListedDevice[];
  writeDevices(devices: readonly ListedDevice[]): Element;
  readBundle(element: Element): Bundle;
  writeBundle(bundle: Bundle): Element;
  /** The element of this version in a message, if there is one. */
  findEncrypted(message: Element): Element | undefined;
  readEncrypted(element: Element, recipient: { readonly jid: BareJid; readonly deviceId: number }): ReceivedElement;
  writeEncrypted(message: EncryptedElement): Element;
}
