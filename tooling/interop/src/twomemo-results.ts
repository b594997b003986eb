import { fromBase64 } from './base64.ts';

/** A device's stored state as python-omemo keeps it: plain JSON, secrets included. To be kept and given back, not read. */
export type TwomemoStorage = Readonly<Record<string, unknown>>;

export type TwomemoTrust = 'trusted' | 'distrusted' | 'undecided';

/** What a device knows of another. */
export interface KnownDevice {
  /** Bare JID. */
  readonly jid: string;
  readonly deviceId: number;
  /** Ed25519, 32 bytes. */
  readonly identityKey: Uint8Array;
  readonly trust: TwomemoTrust;
  /** Whether the last list of the account named it. */
  readonly active: boolean;
  readonly label: string | undefined;
}

export interface EncryptedMessage {
  /** `<encrypted xmlns="urn:xmpp:omemo:2"/>`. */
  readonly xml: string;
  readonly keys: readonly { readonly jid: string; readonly deviceId: number; readonly keyExchange: boolean }[];
  /** Devices left out, and the name of the exception that was the reason. */
  readonly failures: readonly { readonly jid: string; readonly deviceId: number; readonly exception: string }[];
}

export interface DecryptedMessage {
  /** The bytes that were encrypted: an SCE envelope, if the sender keeps to the XEP. `undefined`: an empty message. */
  readonly plaintext: Uint8Array | undefined;
  readonly sender: KnownDevice;
}

/** A look at a stored session. */
export interface TwomemoSession {
  readonly initiation: 'active' | 'passive';
  /** An active session is confirmed by the first message read over it; until then messages carry the key exchange. */
  readonly confirmed: boolean;
  readonly sendingChainLength: number;
  readonly receivingChainLength: number | undefined;
  readonly skippedMessageKeys: number;
  /** ek of the key exchange that made it, 32 bytes: tells sessions apart. */
  readonly ephemeralKey: Uint8Array;
}

/** A {@link KnownDevice} as it travels. */
export interface KnownDeviceLine extends Omit<KnownDevice, 'identityKey' | 'label'> {
  readonly identityKey: string;
  readonly label: string | null;
}

/** A {@link TwomemoSession} as it travels. */
export interface SessionLine extends Omit<TwomemoSession, 'ephemeralKey' | 'receivingChainLength'> {
  readonly ephemeralKey: string;
  readonly receivingChainLength: number | null;
}

/** A {@link DecryptedMessage} as it travels. */
export interface DecryptedLine {
  readonly plaintext: string | null;
  readonly sender: KnownDeviceLine;
}

/** What a device says of itself when it was made. */
export interface AboutLine extends KnownDeviceLine {
  readonly fingerprint: string;
}

export function knownDeviceOf(line: KnownDeviceLine): KnownDevice {
  return { ...line, identityKey: fromBase64(line.identityKey), label: line.label ?? undefined };
}

export function sessionOf(line: SessionLine): TwomemoSession {
  const receivingChainLength = line.receivingChainLength ?? undefined;
  return { ...line, receivingChainLength, ephemeralKey: fromBase64(line.ephemeralKey) };
}

export function decryptedMessageOf({ plaintext, sender }: DecryptedLine): DecryptedMessage {
  return { plaintext: plaintext === null ? undefined : fromBase64(plaintext), sender: knownDeviceOf(sender) };
}
