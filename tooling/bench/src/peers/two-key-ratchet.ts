import { webcrypto } from 'node:crypto';
import type { Implementation } from './implementation.ts';

// biome-ignore lint/suspicious/noExplicitAny: installed on request only, so that there are no types to check against
type Any = any;

let devices = 0;

/** 2key-ratchet over the Web Cryptography API of Node, on P-256. Its sessions are objects that it keeps itself. */
export async function load(module: unknown): Promise<Implementation<Any, ArrayBuffer, Any, ArrayBuffer>> {
  const library: Any = module;
  library.setEngine('node:crypto', webcrypto);
  const { AsymmetricRatchet, Identity, MessageSignedProtocol, PreKeyBundleProtocol, PreKeyMessageProtocol } = library;

  return {
    createDevice: (preKeys) => Identity.create(++devices, 1, preKeys),
    async bundleOf(device) {
      const bundle = new PreKeyBundleProtocol();
      await bundle.identity.fill(device);
      bundle.registrationId = device.id;
      const [signedPreKey] = device.signedPreKeys;
      bundle.preKeySigned.id = 0;
      bundle.preKeySigned.key = signedPreKey.publicKey;
      await bundle.preKeySigned.sign(device.signingKey.privateKey);
      const [preKey] = device.preKeys;
      bundle.preKey.id = 0;
      bundle.preKey.key = preKey.publicKey;
      return bundle.exportProto();
    },
    async begin(device, bytes, plaintext) {
      // Looks at both signatures of the bundle.
      const session = await AsymmetricRatchet.create(device, await PreKeyBundleProtocol.importProto(bytes));
      return { session, message: await encrypt(session, plaintext) };
    },
    async accept(device, bytes) {
      const message = await PreKeyMessageProtocol.importProto(bytes);
      const session = await AsymmetricRatchet.create(device, message);
      return { session, plaintext: new Uint8Array(await session.decrypt(message.signedMessage)) };
    },
    encrypt,
    async decrypt(session, bytes) {
      // Until it has read something, a session puts a key exchange around what it writes.
      const message = await MessageSignedProtocol.importProto(bytes);
      return new Uint8Array(await session.decrypt(message));
    },
    renewPreKeys: (device) => Identity.create(device.id, 1, 100),
  };

  async function encrypt(session: Any, plaintext: Uint8Array): Promise<ArrayBuffer> {
    return (await session.encrypt(plaintext)).exportProto();
  }
}
