import { ComputedAhead } from './computed-ahead.ts';
import { type CurveEngine, engineOf } from './curve-engine.ts';
import type { CurveProvider } from './curve-provider.ts';
import { createEd25519Keys } from './ed25519-keys.ts';
import { edwardsToMontgomery, isNonCanonical } from './edwards-points.ts';
import { createIdentityKeys } from './identity-keys.ts';
import type { Curve } from './primitives.ts';
import type { Secret } from './secret.ts';
import { inSlice } from './time-slices.ts';
import { createX25519Keys } from './x25519-keys.ts';

/**
 * For one synchronous step: what it is going to ask of the curve, computed before it begins, in slices between which the event loop has its
 * turn. Promises never reject and make no difference but in time: what cannot be computed ahead, the step computes, or refuses, as ever.
 */
export interface CurveAhead {
  /** For the step. Finds what was computed, each once, and computes the rest. */
  readonly curve: Curve;
  /** `curve.x25519KeyPair` of these private bytes. */
  keyPair(privateKey: Secret): Promise<void>;
  /** `curve.x25519` of these keys. */
  agreement(privateKey: Secret, publicKey: Uint8Array): Promise<void>;
  /** The check in `curve.importEd25519PublicKey`. */
  identityKey(bytes: Uint8Array): Promise<void>;
  /** `curve.verify`; the key is checked by that. */
  signature(input: Parameters<CurveProvider['ed25519Verify']>[0]): Promise<void>;
}

export function createCurveAhead(below: CurveProvider, findEngine: () => Promise<CurveEngine | undefined>) {
  let found: Promise<CurveEngine> | undefined;

  return function computeAhead(): CurveAhead {
    const computed = new ComputedAhead(below);

    async function ask(note: (engine: CurveEngine) => Promise<void>): Promise<void> {
      found ??= findEngine().then((engine) => engine ?? engineOf(below));
      const engine = await found;
      // The step runs into the same, and has an error for it.
      await inSlice(() => note(engine)).catch(() => {});
    }

    // Public inputs are copied before anything is waited for: an answer is for the bytes that the engine saw, whatever they become.
    return {
      curve: curveOf(computed.provider),
      keyPair: (privateKey) =>
        ask(async (engine) => {
          computed.note('x25519PublicKey', [privateKey], await engine.x25519PublicKey(privateKey));
        }),
      agreement(privateKey, publicKey) {
        const other = new Uint8Array(publicKey);
        return ask(async (engine) => {
          const shared = await engine.x25519(privateKey, other);
          if (shared !== undefined) computed.note('x25519', [privateKey, other], shared);
        });
      },
      identityKey(bytes) {
        const key = new Uint8Array(bytes);
        return ask(async (engine) => {
          const u = isNonCanonical(key) ? undefined : edwardsToMontgomery(key);
          if (u !== undefined && (await engine.isPrimeOrder(key, u))) computed.note('isPrimeOrder', [key], key);
        });
      },
      signature(input) {
        const publicKey = new Uint8Array(input.publicKey);
        const message = new Uint8Array(input.message);
        const signature = new Uint8Array(input.signature);
        return ask(async (engine) => {
          if (await engine.ed25519Verify({ publicKey, message, signature }))
            computed.note('ed25519Verify', [publicKey, signature, message], publicKey);
        });
      },
    };
  };
}

function curveOf(provider: CurveProvider): Curve {
  const { x25519, x25519KeyPair } = createX25519Keys(provider);
  const { importEd25519PublicKey } = createEd25519Keys(provider);
  const { verify } = createIdentityKeys(provider, x25519KeyPair);
  return { x25519, x25519KeyPair, importEd25519PublicKey, verify };
}
