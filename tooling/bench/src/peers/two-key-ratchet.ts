import type { Implementation } from './implementation.ts';

/** The part of 2key-ratchet that is used here. */
interface TwoKeyRatchet {
  setEngine(name: string, crypto: Crypto): void;
  readonly Curve: { generateKeyPair(type: 'ECDH', extractable: boolean): Promise<KeyPair> };
  readonly Identity: { create(id: number, signedPreKeys: number, preKeys: number): Promise<Identity> };
  readonly PreKeyBundleProtocol: Format<BundleFormat>;
  readonly PreKeyMessageProtocol: Format<FirstFormat>;
  readonly MessageSignedProtocol: Format<MessageFormat>;
  readonly AsymmetricRatchet: { create(own: Identity, from: BundleFormat | FirstFormat): Promise<Ratchet> };
}
interface KeyPair {
  readonly privateKey: CryptoKey;
  readonly publicKey: unknown;
}
interface Identity {
  readonly id: number;
  readonly signingKey: KeyPair;
  readonly preKeys: readonly KeyPair[];
  readonly signedPreKeys: readonly KeyPair[];
}
/** What is made to bytes and found in them. */
interface Format<T> {
  new (): T;
  importProto(bytes: ArrayBuffer): Promise<T>;
}
interface MessageFormat {
  exportProto(): Promise<ArrayBuffer>;
}
interface FirstFormat extends MessageFormat {
  readonly signedMessage: MessageFormat;
}
interface BundleFormat extends MessageFormat {
  registrationId: number;
  readonly identity: { fill(own: Identity): Promise<void> };
  readonly preKey: { id: number; key: unknown };
  readonly preKeySigned: { id: number; key: unknown; sign(key: CryptoKey): Promise<void> };
}
interface Ratchet {
  encrypt(plaintext: ArrayBuffer): Promise<MessageFormat>;
  decrypt(message: MessageFormat): Promise<ArrayBuffer>;
}

let devices = 0;

/** X3DH and the ratchet over P-256, all of it by Web Crypto. Bundles and messages go as the bytes of its protobuf. */
export async function load(
  library: TwoKeyRatchet,
): Promise<Implementation<Identity, ArrayBuffer, Ratchet, ArrayBuffer>> {
  const { Curve, Identity, PreKeyBundleProtocol, PreKeyMessageProtocol, MessageSignedProtocol, AsymmetricRatchet } =
    library;
  library.setEngine('Web Crypto', globalThis.crypto);

  async function encrypt(ratchet: Ratchet, plaintext: Uint8Array): Promise<ArrayBuffer> {
    const message = await ratchet.encrypt(plaintext.slice().buffer);
    return message.exportProto();
  }

  return {
    createDevice: (preKeys) => Identity.create(++devices, 1, preKeys),
    async bundleOf(own) {
      const bundle = new PreKeyBundleProtocol();
      bundle.registrationId = own.id;
      await bundle.identity.fill(own);
      // Numbers are places in the lists of the identity.
      Object.assign(bundle.preKey, { id: 0, key: own.preKeys[0]?.publicKey });
      Object.assign(bundle.preKeySigned, { id: 0, key: own.signedPreKeys[0]?.publicKey });
      await bundle.preKeySigned.sign(own.signingKey.privateKey);
      return bundle.exportProto();
    },
    async begin(own, bytes, plaintext) {
      const session = await AsymmetricRatchet.create(own, await PreKeyBundleProtocol.importProto(bytes));
      return { session, message: await encrypt(session, plaintext) };
    },
    async accept(own, bytes) {
      const first = await PreKeyMessageProtocol.importProto(bytes);
      const session = await AsymmetricRatchet.create(own, first);
      return { session, plaintext: new Uint8Array(await session.decrypt(first.signedMessage)) };
    },
    encrypt,
    async decrypt(ratchet, bytes) {
      return new Uint8Array(await ratchet.decrypt(await MessageSignedProtocol.importProto(bytes)));
    },
    async renewPreKeys(own) {
      for (let id = 0; id < 100; id++) await Curve.generateKeyPair('ECDH', false);
      const { preKeySigned } = new PreKeyBundleProtocol();
      const { publicKey: key } = await Curve.generateKeyPair('ECDH', false);
      Object.assign(preKeySigned, { id: 0, key });
      await preKeySigned.sign(own.signingKey.privateKey);
    },
  };
}
