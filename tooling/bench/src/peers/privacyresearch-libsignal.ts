import type { Implementation } from './implementation.ts';

/** The part of libsignal-protocol-typescript that is used here. */
interface Signal {
  readonly KeyHelper: {
    generateIdentityKeyPair(): Promise<KeyPair>;
    generatePreKey(id: number): Promise<PreKey>;
    generateSignedPreKey(identity: KeyPair, id: number): Promise<PreKey & { readonly signature: ArrayBuffer }>;
  };
  readonly SignalProtocolAddress: new (name: string, deviceId: number) => Address;
  readonly SessionBuilder: new (
    storage: Storage,
    other: Address,
  ) => { processPreKey(bundle: Bundle): Promise<unknown> };
  readonly SessionCipher: new (storage: Storage, other: Address) => Cipher;
}
interface KeyPair {
  readonly pubKey: ArrayBuffer;
  readonly privKey: ArrayBuffer;
}
interface PreKey {
  readonly keyId: number;
  readonly keyPair: KeyPair;
}
interface Address {
  toString(): string;
}
interface Cipher {
  encrypt(plaintext: ArrayBuffer): Promise<Sealed>;
  decryptPreKeyWhisperMessage(body: string, encoding: 'binary'): Promise<ArrayBuffer>;
  decryptWhisperMessage(body: string, encoding: 'binary'): Promise<ArrayBuffer>;
}
interface Sealed {
  readonly type: number;
  readonly body: string;
}
interface Bundle {
  readonly identityKey: ArrayBuffer;
  readonly registrationId: number;
  readonly preKey: { readonly keyId: number; readonly publicKey: ArrayBuffer } | undefined;
  readonly signedPreKey: { readonly keyId: number; readonly publicKey: ArrayBuffer; readonly signature: ArrayBuffer };
}
type Storage = ReturnType<typeof storageOf>;

interface Device {
  readonly name: string;
  readonly identity: KeyPair;
  readonly storage: Storage;
  readonly bundle: Bundle;
}
interface Session {
  readonly device: Device;
  readonly cipher: Cipher;
}
interface Message extends Sealed {
  readonly from: string;
}

const PRE_KEY_MESSAGE = 3;
let devices = 0;

/** The Signal library of browsers in TypeScript: the curve compiled from C, the rest by Web Crypto, records as JSON. */
export async function load(
  signal: Signal,
): Promise<Implementation<Device, { readonly name: string; readonly bundle: Bundle }, Session, Message>> {
  const { KeyHelper, SignalProtocolAddress, SessionBuilder, SessionCipher } = signal;
  const address = (name: string) => new SignalProtocolAddress(name, 1);

  async function encrypt({ device, cipher }: Session, plaintext: Uint8Array): Promise<Message> {
    const { type, body } = await cipher.encrypt(plaintext.slice().buffer);
    return { from: device.name, type, body };
  }

  async function decrypt({ cipher }: Session, { type, body }: Message): Promise<Uint8Array> {
    if (type === PRE_KEY_MESSAGE) return new Uint8Array(await cipher.decryptPreKeyWhisperMessage(body, 'binary'));
    return new Uint8Array(await cipher.decryptWhisperMessage(body, 'binary'));
  }

  return {
    async createDevice(count) {
      const identity = await KeyHelper.generateIdentityKeyPair();
      const signed = await KeyHelper.generateSignedPreKey(identity, 1);
      const preKeys: PreKey[] = [];
      for (let id = 1; id <= count; id++) preKeys.push(await KeyHelper.generatePreKey(id));
      const [first] = preKeys;
      const bundle = {
        identityKey: identity.pubKey,
        registrationId: 1,
        preKey: first && { keyId: first.keyId, publicKey: first.keyPair.pubKey },
        signedPreKey: { keyId: signed.keyId, publicKey: signed.keyPair.pubKey, signature: signed.signature },
      };
      return { name: `device-${devices++}`, identity, storage: storageOf(identity, preKeys, signed), bundle };
    },
    bundleOf: async ({ name, bundle }) => ({ name, bundle }),
    async begin(device, { name, bundle }, plaintext) {
      const other = address(name);
      // Each unit begins a session of its own.
      device.storage.sessions.delete(other.toString());
      await new SessionBuilder(device.storage, other).processPreKey(bundle);
      const session = { device, cipher: new SessionCipher(device.storage, other) };
      return { session, message: await encrypt(session, plaintext) };
    },
    async accept(device, message) {
      const session = { device, cipher: new SessionCipher(device.storage, address(message.from)) };
      return { session, plaintext: await decrypt(session, message) };
    },
    encrypt,
    decrypt,
    async renewPreKeys({ identity }) {
      for (let id = 1; id <= 100; id++) await KeyHelper.generatePreKey(id);
      await KeyHelper.generateSignedPreKey(identity, 1);
    },
  };
}

/** In memory; pre-keys stay, so that one is enough for many first messages. */
function storageOf(identity: KeyPair, preKeys: readonly PreKey[], signed: PreKey) {
  const sessions = new Map<string, string>();
  return {
    sessions,
    getIdentityKeyPair: async () => identity,
    getLocalRegistrationId: async () => 1,
    isTrustedIdentity: async () => true,
    saveIdentity: async () => false,
    loadPreKey: async (id: number) => preKeys.find(({ keyId }) => keyId === id)?.keyPair,
    removePreKey: async () => {},
    loadSignedPreKey: async () => signed.keyPair,
    loadSession: async (name: string) => sessions.get(name),
    async storeSession(name: string, record: string) {
      sessions.set(name, record);
    },
  };
}
