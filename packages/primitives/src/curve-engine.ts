import type { CurveProvider } from './curve-provider.ts';

/** What is worth computing ahead: each takes a good part of a millisecond in JavaScript. */
type AheadOperation = 'x25519PublicKey' | 'x25519' | 'isPrimeOrder' | 'ed25519Verify';

type Later<Operation> = Operation extends (...args: infer Args) => infer Result
  ? (...args: Args) => Promise<Result>
  : never;

/**
 * The same operations with an answer that comes later. May reject, and may say `undefined` or `false` where a provider would not: only
 * what it affirms is believed, the rest is computed again.
 */
export type CurveEngine = { readonly [Name in AheadOperation]: Later<CurveProvider[Name]> };

/** A provider as an engine: for where there is no better one, so that work can be cut into slices. */
export function engineOf(provider: CurveProvider): CurveEngine {
  return {
    x25519PublicKey: async (privateKey) => provider.x25519PublicKey(privateKey),
    x25519: async (privateKey, publicKey) => provider.x25519(privateKey, publicKey),
    isPrimeOrder: async (publicKey, u) => provider.isPrimeOrder(publicKey, u),
    ed25519Verify: async (input) => provider.ed25519Verify(input),
  };
}
