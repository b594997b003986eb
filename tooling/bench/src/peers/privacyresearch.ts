import { webcrypto } from 'node:crypto';
import type { Implementation } from './implementation.ts';

// biome-ignore lint/suspicious/noExplicitAny: installed on request only, so that there are no types to check against
type Any = any;

interface Device {
  readonly name: string;
  readonly storage: Any;
  readonly bundle: Any;
}
interface Session {
  readonly device: Device;
  readonly cipher: Any;
}
interface Message {
  readonly from: string;
  readonly type: number;
  readonly body: string;
}

const PRE_KEY_MESSAGE = 3;
let devices = 0;

/** libsignal-protocol-typescript: Signal's protocol of 2013 on asm.js, session records as JSON with each message. */
export async function load(module: unknown): Promise<Implementation<Device, Any, Session, Message>> {
  const library: Any = module;
  library.setWebCrypto(webcrypto);
  const { KeyHelper, SessionBuilder, SessionCipher, SignalProtocolAddress } = library;
  const address = (name: string) => new SignalProtocolAddress(name, 1);

  return {
    async createDevice() {
      const identity = await KeyHelper.generateIdentityKeyPair();
      const signedPreKey = await KeyHelper.generateSignedPreKey(identity, 1);
      const preKey = await KeyHelper.generatePreKey(1);
      const name = `device-${devices++}`;
      const bundle = {
        registrationId: 1,
        identityKey: identity.pubKey,
        signedPreKey: { keyId: 1, publicKey: signedPreKey.keyPair.pubKey, signature: signedPreKey.signature },
        preKey: { keyId: 1, publicKey: preKey.keyPair.pubKey },
      };
      return { name, storage: storageOf({ identity, signedPreKey, preKey }), bundle: { name, bundle } };
    },
    bundleOf: async ({ bundle }) => bundle,
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
    async renewPreKeys({ storage }) {
      await KeyHelper.generateSignedPreKey(await storage.getIdentityKeyPair(), 2);
      for (let id = 0; id < 100; id++) await KeyHelper.generatePreKey(id);
    },
  };

  async function encrypt({ device, cipher }: Session, plaintext: Uint8Array): Promise<Message> {
    const { type, body } = await cipher.encrypt(new Uint8Array(plaintext).buffer);
    return { from: device.name, type, body };
  }

  async function decrypt({ cipher }: Session, { type, body }: Message): Promise<Uint8Array> {
    const first = type === PRE_KEY_MESSAGE;
    const opened = first
      ? await cipher.decryptPreKeyWhisperMessage(body, 'binary')
      : await cipher.decryptWhisperMessage(body, 'binary');
    return new Uint8Array(opened);
  }
}

/** In memory; the pre-key is never used up. */
function storageOf({ identity, signedPreKey, preKey }: Record<'identity' | 'signedPreKey' | 'preKey', Any>): Any {
  const sessions = new Map<string, string>();
  return {
    sessions,
    getIdentityKeyPair: async () => identity,
    getLocalRegistrationId: async () => 1,
    isTrustedIdentity: async () => true,
    saveIdentity: async () => false,
    loadPreKey: async () => preKey.keyPair,
    storePreKey: async () => {},
    removePreKey: async () => {},
    loadSignedPreKey: async () => signedPreKey.keyPair,
    storeSignedPreKey: async () => {},
    removeSignedPreKey: async () => {},
    loadSession: async (name: string) => sessions.get(name),
    storeSession: async (name: string, record: string) => void sessions.set(name, record),
  };
}
