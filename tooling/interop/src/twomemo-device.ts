import { fromBase64, toBase64 } from './base64.ts';
import type { Reply } from './effects.ts';
import {
  type AboutLine,
  type DecryptedLine,
  type DecryptedMessage,
  decryptedMessageOf,
  type EncryptedMessage,
  type KnownDevice,
  type KnownDeviceLine,
  knownDeviceOf,
  type SessionLine,
  sessionOf,
  type TwomemoSession,
  type TwomemoStorage,
  type TwomemoTrust,
} from './twomemo-results.ts';

/** The way from one device to its process. */
export interface TwomemoChannel {
  readonly device: string;
  request<T>(method: string, params?: Readonly<Record<string, unknown>>): Promise<Reply<T>>;
}

export interface PeerAddress {
  /** Bare JID. */
  readonly jid: string;
  readonly deviceId: number;
}

/**
 * One python-omemo device of `urn:xmpp:omemo:2`.
 *
 * Every method rejects with an `InteropError`; what python-omemo raised is `details.exception` of a `peer-refused`.
 */
export class TwomemoDevice {
  /** How effects name it. */
  readonly name: string;
  readonly jid: string;
  readonly deviceId: number;
  /** Ed25519, 32 bytes. */
  readonly identityKey: Uint8Array;
  /** The Curve25519 form of the identity key in hexadecimal, in groups of eight (XEP-0384 8). */
  readonly fingerprint: string;
  readonly #channel: TwomemoChannel;

  constructor(channel: TwomemoChannel, about: AboutLine) {
    this.#channel = channel;
    this.name = channel.device;
    this.jid = about.jid;
    this.deviceId = about.deviceId;
    this.identityKey = fromBase64(about.identityKey);
    this.fingerprint = about.fingerprint;
  }

  /** For all devices of the accounts (bare JIDs) and the other devices of the own one, as far as it knows their lists. */
  encrypt(message: { to: string | readonly string[]; plaintext: Uint8Array }): Promise<Reply<EncryptedMessage>> {
    const to = typeof message.to === 'string' ? [message.to] : message.to;
    return this.#channel.request('encrypt', { to, plaintext: toBase64(message.plaintext) });
  }

  /** `sender`: bare JID of the account it came from. `xml`: an `<encrypted/>`, or the stanza around it. */
  async decrypt({ sender, xml }: { sender: string; xml: string }): Promise<Reply<DecryptedMessage>> {
    const { value, effects } = await this.#request<DecryptedLine>('decrypt', { sender, xml });
    return { value: decryptedMessageOf(value), effects };
  }

  /** A device list as the server pushes it (PEP). `xml`: a `<devices/>`, or the stanza around it. */
  pushDevices({ jid, xml }: { jid: string; xml: string }): Promise<Reply<null>> {
    return this.#request('push_devices', { jid, xml });
  }

  /** Reads the list of an account (bare JID) from the source. */
  refreshDevices(jid: string): Promise<Reply<null>> {
    return this.#request('refresh_devices', { jid });
  }

  /** Devices of an account that it has a list of and could read the bundle of. */
  async knownDevices(jid: string): Promise<readonly KnownDevice[]> {
    return (await this.#request<KnownDeviceLine[]>('known_devices', { jid })).value.map(knownDeviceOf);
  }

  setTrust(decision: { jid: string; identityKey: Uint8Array; trust: TwomemoTrust }): Promise<Reply<null>> {
    const { jid, identityKey, trust } = decision;
    return this.#request('set_trust', { jid, identityKey: toBase64(identityKey), trust });
  }

  /** Its own current bundle, as it would publish it. */
  async bundle(): Promise<string> {
    return (await this.#request<string>('bundle')).value;
  }

  /** Publishes the bundle with the new key. It never rotates by itself here. */
  rotateSignedPreKey(): Promise<Reply<null>> {
    return this.#request('rotate_signed_pre_key');
  }

  /** The session with a device, or `undefined`. */
  async session({ jid, deviceId }: PeerAddress): Promise<TwomemoSession | undefined> {
    const { value } = await this.#request<SessionLine | null>('session', { jid, deviceId });
    return value === null ? undefined : sessionOf(value);
  }

  /** Builds a new session in the place of the one there is; the effect `send` tells the other side. */
  replaceSession({ jid, deviceId }: PeerAddress): Promise<Reply<null>> {
    return this.#request('replace_session', { jid, deviceId });
  }

  /** From now on it keeps used pre-keys and holds its automatic messages back. */
  beginHistorySync(): Promise<Reply<null>> {
    return this.#request('begin_history_sync');
  }

  /** Deletes the pre-keys kept and sends one empty message per session that is owed one. */
  endHistorySync(): Promise<Reply<null>> {
    return this.#request('end_history_sync');
  }

  /** A new session manager on the same storage, or on an older copy of it (a restored backup). */
  restart(options: { storage?: TwomemoStorage; start?: 'live' | 'catching-up' } = {}): Promise<Reply<null>> {
    const { storage = null, start } = options;
    return this.#request('restart', { storage, historySync: start === 'catching-up' });
  }

  async storageCopy(): Promise<TwomemoStorage> {
    return (await this.#request<TwomemoStorage>('storage_copy')).value;
  }

  /** Publishes the list with its new label. */
  setLabel(label: string): Promise<Reply<null>> {
    return this.#request('set_label', { label });
  }

  /** Compares what is published with its own state and publishes what is missing. */
  ensurePublished(): Promise<Reply<null>> {
    return this.#request('ensure_published');
  }

  /** Takes itself off the account's list and its bundle off the server. It is of no use afterwards. */
  retire(): Promise<Reply<null>> {
    return this.#request('retire');
  }

  /** Forgets the device without a word to anybody: a lost phone. */
  drop(): Promise<Reply<null>> {
    return this.#request('drop');
  }

  #request<T = null>(method: string, params?: Readonly<Record<string, unknown>>): Promise<Reply<T>> {
    return this.#channel.request<T>(method, params);
  }
}
