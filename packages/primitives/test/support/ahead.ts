import { createCurveAhead } from '../../src/curve-ahead.ts';
import { type CurveEngine, engineOf } from '../../src/curve-engine.ts';
import type { CurveProvider } from '../../src/curve-provider.ts';
import { nobleProvider } from '../../src/noble-provider.ts';
import { findWebCryptoEngine } from '../../src/web-crypto-engine.ts';

const webCrypto = await findWebCryptoEngine();
if (webCrypto === undefined) throw new Error('these tests run in Node, whose crypto.subtle must be usable');
export const webCryptoEngine: CurveEngine = webCrypto;

/** For `describe.each`: what computes ahead where `crypto.subtle` knows the curve, and where it does not. */
export const engines: readonly { readonly name: string; readonly engine: CurveEngine }[] = [
  { name: 'crypto.subtle', engine: webCryptoEngine },
  { name: 'noble', engine: engineOf(nobleProvider) },
];

/** Computes ahead with one engine, over noble or another provider. */
export function aheadWith(engine: CurveEngine, below: CurveProvider = nobleProvider) {
  return createCurveAhead(below, async () => engine)();
}

/** A provider that says when it was needed after all. */
export function counting(): { readonly below: CurveProvider; readonly asked: string[] } {
  const asked: string[] = [];
  const noted =
    <Args extends readonly unknown[], Result>(name: string, operation: (...args: Args) => Result) =>
    (...args: Args) => {
      asked.push(name);
      return operation(...args);
    };
  const below: CurveProvider = {
    ...nobleProvider,
    x25519PublicKey: noted('x25519PublicKey', nobleProvider.x25519PublicKey),
    x25519: noted('x25519', nobleProvider.x25519),
    isPrimeOrder: noted('isPrimeOrder', nobleProvider.isPrimeOrder),
    ed25519Verify: noted('ed25519Verify', nobleProvider.ed25519Verify),
  };
  return { below, asked };
}
