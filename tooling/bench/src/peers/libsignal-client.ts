import type { Implementation } from './implementation.ts';

// biome-ignore lint/suspicious/noExplicitAny: installed on request only, so that there are no types to check against
type Any = any;

interface Device {
  readonly name: string;
  readonly identity: Any;
  readonly stores: Any;
  readonly bundle: Any;
}
interface Session {
  readonly device: Device;
  readonly other: Any;
  readonly own: Any;
}
interface Message {
  readonly from: string;
  readonly type: number;
  readonly bytes: Uint8Array;
}

const PRE_KEY_MESSAGE = 3;
let devices = 0;

/** Signal's library: Rust behind asynchronous calls, records serialised with each, PQXDH and a post-quantum ratchet. */
export async function load(module: unknown): Promise<Implementation<Device, Any, Session, Message>> {
  const signal: Any = module;
  const address = (name: string) => signal.ProtocolAddress.new(name, 1);

  function createDevice(preKeys: number): Device {
    const identity = signal.PrivateKey.generate();
    const name = `device-${devices++}`;
    const [signedPreKey, kyber] = [signal.PrivateKey.generate(), signal.KEMKeyPair.generate()];
    const signature = identity.sign(signedPreKey.getPublicKey().serialize());
    const kyberSignature = identity.sign(kyber.getPublicKey().serialize());
    const keys = Array.from({ length: preKeys }, () => signal.PrivateKey.generate());
    const records = {
      preKey: (id: number) => signal.PreKeyRecord.new(id, keys[id - 1].getPublicKey(), keys[id - 1]),
      signed: signal.SignedPreKeyRecord.new(1, 0, signedPreKey.getPublicKey(), signedPreKey, signature),
      kyber: signal.KyberPreKeyRecord.new(1, 0, kyber, kyberSignature),
    };
    const key = (publicKey: Any) => [1, publicKey] as const;
    const bundle = signal.PreKeyBundle.new(
      1,
      1,
      ...key(keys[0].getPublicKey()),
      ...key(signedPreKey.getPublicKey()),
      signature,
      identity.getPublicKey(),
      ...key(kyber.getPublicKey()),
      kyberSignature,
    );
    return { name, identity, stores: storesOf(signal, identity, records), bundle: { name, bundle } };
  }

  return {
    createDevice: async (preKeys) => createDevice(preKeys),
    bundleOf: async ({ bundle }) => bundle,
    async begin(device, { name, bundle }, plaintext) {
      const [other, own] = [address(name), address(device.name)];
      const { sessions, identities } = device.stores;
      // Each unit begins a session of its own.
      sessions.records.delete(other.toString());
      await signal.processPreKeyBundle(bundle, other, own, sessions, identities);
      const session = { device, other, own };
      return { session, message: await encrypt(session, plaintext) };
    },
    async accept(device, message) {
      const session = { device, other: address(message.from), own: address(device.name) };
      return { session, plaintext: await decrypt(session, message) };
    },
    encrypt,
    decrypt,
    async renewPreKeys(device) {
      const pairs = Array.from({ length: 101 }, () => {
        const key = signal.PrivateKey.generate();
        return { key, publicKey: key.getPublicKey().serialize() };
      });
      device.identity.sign(pairs[0]?.publicKey);
    },
  };

  async function encrypt({ device, other, own }: Session, plaintext: Uint8Array): Promise<Message> {
    const { sessions, identities } = device.stores;
    const sealed = await signal.signalEncrypt(plaintext, other, own, sessions, identities);
    return { from: device.name, type: sealed.type(), bytes: sealed.serialize() };
  }

  async function decrypt({ device, other, own }: Session, { type, bytes }: Message): Promise<Uint8Array> {
    const { sessions, identities, preKeys, signedPreKeys, kyberPreKeys } = device.stores;
    if (type !== PRE_KEY_MESSAGE) {
      return signal.signalDecrypt(signal.SignalMessage.deserialize(bytes), other, own, sessions, identities);
    }
    const message = signal.PreKeySignalMessage.deserialize(bytes);
    const stores = [sessions, identities, preKeys, signedPreKeys, kyberPreKeys];
    return signal.signalDecryptPreKey(message, other, own, ...stores);
  }
}

/** Stores in memory, records as bytes. */
function storesOf(signal: Any, identity: Any, records: Any): Any {
  class Sessions extends signal.SessionStore {
    readonly records = new Map<string, Uint8Array>();
    async saveSession(name: Any, record: Any) {
      this.records.set(name.toString(), record.serialize());
    }
    async getSession(name: Any) {
      const bytes = this.records.get(name.toString());
      return bytes === undefined ? null : signal.SessionRecord.deserialize(bytes);
    }
    async getExistingSessions(names: Any[]) {
      return Promise.all(names.map((name) => this.getSession(name)));
    }
  }
  class Identities extends signal.IdentityKeyStore {
    getIdentityKey = async () => identity;
    getLocalRegistrationId = async () => 1;
    saveIdentity = async () => 0;
    isTrustedIdentity = async () => true;
    getIdentity = async () => null;
  }
  class PreKeys extends signal.PreKeyStore {
    savePreKey = async () => {};
    getPreKey = async (id: number) => records.preKey(id);
    removePreKey = async () => {};
  }
  class SignedPreKeys extends signal.SignedPreKeyStore {
    saveSignedPreKey = async () => {};
    getSignedPreKey = async () => records.signed;
  }
  class KyberPreKeys extends signal.KyberPreKeyStore {
    saveKyberPreKey = async () => {};
    getKyberPreKey = async () => records.kyber;
    markKyberPreKeyUsed = async () => {};
  }
  return {
    sessions: new Sessions(),
    identities: new Identities(),
    preKeys: new PreKeys(),
    signedPreKeys: new SignedPreKeys(),
    kyberPreKeys: new KyberPreKeys(),
  };
}
