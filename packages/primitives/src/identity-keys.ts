import { assertBytes, assertLength, isBytes } from './byte-checks.ts';
import type { CurveProvider } from './curve-provider.ts';
import { isCheckedEd25519PublicKey, trustEd25519PublicKey } from './ed25519-keys.ts';
import type { Primitives } from './primitives.ts';
import { assertSecret, exposed, Secret } from './secret.ts';
import { clampScalar, scalarToPublicKey, seedToScalar, xeddsaSign } from './xeddsa.ts';

export function createIdentityKeys(
  provider: CurveProvider,
  x25519KeyPair: Primitives['x25519KeyPair'],
): Pick<Primitives, 'identityKeyPairFromSeed' | 'identityKeyPairFromScalar' | 'sign' | 'verify'> {
  /**
   * A of every scalar seen. A signature must hash the public key that belongs to its scalar: two signatures with one nonce and
   * different A give the scalar away, so `sign` never takes A from the caller's object, nor does a caller get this one.
   */
  const scalarPublicKeys = new WeakMap<Secret, Uint8Array>();

  function scalarPublicKeyOf(scalar: Secret): Uint8Array {
    let publicKey = scalarPublicKeys.get(scalar);
    if (publicKey === undefined) {
      publicKey = scalarToPublicKey(scalar.expose());
      scalarPublicKeys.set(scalar, publicKey);
    }
    return publicKey;
  }

  return {
    identityKeyPairFromSeed(seed) {
      assertLength(exposed(seed), 32, 'seed');
      const secret = seed instanceof Secret ? seed : new Secret(seed);
      const x25519 = x25519KeyPair(seedToScalar(secret.expose()));
      const publicKey = trustEd25519PublicKey(provider.ed25519PublicKey(secret), x25519.publicKey);
      return { form: 'seed', secret, publicKey, x25519 };
    },
    identityKeyPairFromScalar(scalar) {
      assertLength(exposed(scalar), 32, 'scalar');
      const secret = new Secret(clampScalar(exposed(scalar)));
      const publicKey = trustEd25519PublicKey(new Uint8Array(scalarPublicKeyOf(secret)));
      return { form: 'scalar', secret, publicKey, x25519: x25519KeyPair(secret) };
    },
    sign({ identityKeyPair, message, nonce }) {
      const { form, secret } = identityKeyPair;
      assertSecret(secret, 32, 'secret');
      assertBytes(message, 'message');
      if (form === 'seed') return provider.ed25519Sign(secret, message);
      const drawn = nonce();
      assertLength(drawn, 64, 'nonce');
      return xeddsaSign({ scalar: secret.expose(), publicKey: scalarPublicKeyOf(secret), message, nonce: drawn });
    },
    verify({ publicKey, message, signature }) {
      if (!isBytes(publicKey) || !isBytes(message) || !isBytes(signature)) return false;
      if (publicKey.length !== 32 || signature.length !== 64) return false;
      return (
        isCheckedEd25519PublicKey(provider, publicKey) && provider.ed25519Verify({ publicKey, message, signature })
      );
    },
  };
}
