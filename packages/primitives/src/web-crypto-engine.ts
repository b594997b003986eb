import { constantTimeEqual } from './constant-time-equal.ts';
import type { CurveEngine } from './curve-engine.ts';
import { isStrictSignature } from './edwards-points.ts';
import { nobleProvider } from './noble-provider.ts';
import { isPrimeOrderImage, PROBE } from './prime-order-probe.ts';
import { Secret, SecretMemory } from './secret.ts';

/** The part of the Web Cryptography API that is used. Its types are not there for every engine. */
interface Subtle {
  importKey(format: string, bytes: Uint8Array, name: string, extractable: boolean, usages: string[]): Promise<object>;
  deriveBits(algorithm: { name: string; public: object }, key: object, length: number): Promise<ArrayBuffer>;
  verify(name: string, key: object, signature: Uint8Array, message: Uint8Array): Promise<boolean>;
}

/** PKCS#8 (RFC 8410 7) up to the 32 private bytes. A JWK would have to state the public key too. */
const PKCS8_HEAD = Uint8Array.of(0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x6e, 4, 0x22, 4, 0x20);

/** The u of the base point (RFC 7748 4.1). */
const BASE_U = new Uint8Array(32);
BASE_U[0] = 9;

/**
 * `crypto.subtle`, where there is one that agrees with noble on X25519. Pages that did not come over TLS have none, nor do engines
 * from before 2024 know the curve. Where it has no Ed25519 that operation rejects.
 */
export async function findWebCryptoEngine(): Promise<CurveEngine | undefined> {
  const { crypto } = globalThis as { crypto?: { subtle?: Subtle } };
  if (crypto?.subtle === undefined) return undefined;
  const engine = createWebCryptoEngine(crypto.subtle);
  // Any scalar but the probe, which maps the base point to itself.
  const secret = new Secret(PROBE.expose().toReversed());
  try {
    const publicKey = await engine.x25519PublicKey(secret);
    return constantTimeEqual(publicKey, nobleProvider.x25519PublicKey(secret)) ? engine : undefined;
  } catch {
    return undefined;
  }
}

function createWebCryptoEngine(subtle: Subtle): CurveEngine {
  const privateKeys = new SecretMemory<Promise<object>>();

  function privateKeyOf(secret: Secret): Promise<object> {
    let key = privateKeys.get(secret);
    if (key === undefined) {
      const pkcs8 = new Uint8Array(PKCS8_HEAD.length + 32);
      pkcs8.set(PKCS8_HEAD);
      pkcs8.set(secret.expose(), PKCS8_HEAD.length);
      // Not extractable. The call copies its input, so that this copy need not wait to be wiped.
      key = subtle.importKey('pkcs8', pkcs8, 'X25519', false, ['deriveBits']);
      pkcs8.fill(0);
      privateKeys.set(secret, key);
    }
    return key;
  }

  /** An all-zero secret rejects (Web Cryptography Level 2). */
  async function x25519(privateKey: Secret, publicKey: Uint8Array): Promise<Uint8Array> {
    const other = await subtle.importKey('raw', publicKey, 'X25519', true, []);
    const own = await privateKeyOf(privateKey);
    return new Uint8Array(await subtle.deriveBits({ name: 'X25519', public: other }, own, 256));
  }

  return {
    x25519,
    x25519PublicKey: (privateKey) => x25519(privateKey, BASE_U),
    isPrimeOrder: async (_publicKey, u) => isPrimeOrderImage(u, await x25519(PROBE, u)),
    ed25519Verify: async ({ publicKey, message, signature }) => {
      const key = await subtle.importKey('raw', publicKey, 'Ed25519', true, ['verify']);
      // Its equation leaves the cofactor out: what it takes, the one with the cofactor takes too, if the encodings are strict.
      return isStrictSignature(signature) && (await subtle.verify('Ed25519', key, signature, message));
    },
  };
}
