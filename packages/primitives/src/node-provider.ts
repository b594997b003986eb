import {
  createCipheriv,
  createDecipheriv,
  createPublicKey,
  diffieHellman,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import type { CbcInput, CurveProvider } from './curve-provider.ts';
import { edwardsToMontgomery } from './edwards-points.ts';
import { isLowOrderU } from './low-order-u.ts';
import { nobleProvider } from './noble-provider.ts';
import type { NodeCurve, NodeKeyFormat } from './node-key-format.ts';
import { isPrimeOrderU } from './prime-order-probe.ts';
import { RecentKeys } from './recent-keys.ts';
import { type Secret, SecretMemory } from './secret.ts';

/**
 * From how many bytes on OpenSSL's AES is used. It looks nothing up in tables, so its time tells nothing of the key, and a message
 * sealed and opened takes 5 % less time than with noble's, whose tables of a megabyte leave the cache between messages (Node 26). Node 24
 * needs 14 us to make a cipher object where others need 2: there noble has the short ones.
 */
const NATIVE_AES_FROM = process.versions.node.startsWith('24.') ? 1024 : 0;

/** X25519, Ed25519 and AES for large inputs by OpenSSL; live `KeyObject`s of private keys stay with their secrets. */
export function createNodeProvider(format: NodeKeyFormat): CurveProvider {
  const privateKeys = { x25519: new SecretMemory<KeyObject>(), ed25519: new SecretMemory<KeyObject>() };
  const publicKeys = { x25519: new RecentKeys<KeyObject>(), ed25519: new RecentKeys<KeyObject>() };

  function privateKeyOf(curve: NodeCurve, secret: Secret): KeyObject {
    let key = privateKeys[curve].get(secret);
    if (key === undefined) {
      key = format.privateKey(curve, secret.expose());
      privateKeys[curve].set(secret, key);
    }
    return key;
  }

  function publicKeyOf(curve: NodeCurve, bytes: Uint8Array): KeyObject {
    let key = publicKeys[curve].get(bytes);
    if (key === undefined) {
      key = format.publicKey(curve, bytes);
      publicKeys[curve].set(bytes, key);
    }
    return key;
  }

  function x25519(privateKey: Secret, publicKey: Uint8Array): Uint8Array | undefined {
    // OpenSSL throws for an all-zero secret; asking first keeps its other failures apart from that one.
    if (isLowOrderU(publicKey)) return undefined;
    return diffieHellman({
      privateKey: privateKeyOf('x25519', privateKey),
      publicKey: publicKeyOf('x25519', publicKey),
    });
  }

  /** Is R, the first half, anything but a point of order L? */
  function hasTorsion(signature: Uint8Array): boolean {
    const u = edwardsToMontgomery(signature);
    return u === undefined || !isPrimeOrderU(u, x25519);
  }

  return {
    name: `node:crypto (${format.name})`,
    x25519,
    x25519PublicKey: (privateKey) => format.publicBytes(createPublicKey(privateKeyOf('x25519', privateKey))),
    isPrimeOrder: (_publicKey, u) => isPrimeOrderU(u, x25519),
    ed25519PublicKey: (seed) => format.publicBytes(createPublicKey(privateKeyOf('ed25519', seed))),
    ed25519Sign: (seed, message) => new Uint8Array(sign(null, message, privateKeyOf('ed25519', seed))),
    // OpenSSL leaves the cofactor out of the equation, so it says no to an R with a torsion component where RFC 8032 and noble say
    // yes. Only such an R can make the difference; an honest signer never makes one.
    ed25519Verify: (input) =>
      verify(null, input.message, publicKeyOf('ed25519', input.publicKey), input.signature) ||
      (hasTorsion(input.signature) && nobleProvider.ed25519Verify(input)),
    encryptBlocks: (input) =>
      input.blocks.length < NATIVE_AES_FROM
        ? nobleProvider.encryptBlocks(input)
        : wholeBlocks(createCipheriv('aes-256-cbc', input.key, input.iv), input),
    decryptBlocks: (input) =>
      input.blocks.length < NATIVE_AES_FROM
        ? nobleProvider.decryptBlocks(input)
        : wholeBlocks(createDecipheriv('aes-256-cbc', input.key, input.iv), input),
  };
}

function wholeBlocks(
  cipher: ReturnType<typeof createCipheriv | typeof createDecipheriv>,
  { blocks }: CbcInput,
): Uint8Array {
  cipher.setAutoPadding(false);
  // Without padding `update` keeps nothing back: `final` would give nothing and take a sixth of the time.
  return new Uint8Array(cipher.update(blocks));
}
