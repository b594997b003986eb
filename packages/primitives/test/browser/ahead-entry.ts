/** In the browser: the curve computed ahead, with nothing below it that could compute in its place. */
import { createCurveAhead } from '../../src/curve-ahead.ts';
import { nobleProvider } from '../../src/noble-provider.ts';
import { PrimitivesError } from '../../src/primitives-error.ts';
import { Secret } from '../../src/secret.ts';
import { findWebCryptoEngine } from '../../src/web-crypto-engine.ts';

const fail = (): never => {
  throw new RangeError('not computed ahead');
};
const nothing = { x25519PublicKey: fail, x25519: fail, isPrimeOrder: fail, ed25519Verify: fail };
const computeAhead = createCurveAhead({ ...nobleProvider, ...nothing }, findWebCryptoEngine);

export function withoutWebCrypto(): void {
  Object.defineProperty(crypto, 'subtle', { value: undefined });
}

export async function hasEngine(): Promise<boolean> {
  return (await findWebCryptoEngine()) !== undefined;
}

/** Bytes of the result, or what kept it from being found. */
export async function agree(own: Uint8Array, other: Uint8Array): Promise<Uint8Array | string> {
  const ahead = computeAhead();
  await ahead.agreement(new Secret(own), other);
  return outcome(() => ahead.curve.x25519(new Secret(own), other).expose());
}

export async function publicKeyOf(own: Uint8Array): Promise<Uint8Array | string> {
  const ahead = computeAhead();
  await ahead.keyPair(new Secret(own));
  return outcome(() => ahead.curve.x25519KeyPair(own).publicKey);
}

export async function importIdentityKey(bytes: Uint8Array): Promise<Uint8Array | string> {
  const ahead = computeAhead();
  await ahead.identityKey(bytes);
  return outcome(() => ahead.curve.importEd25519PublicKey(bytes));
}

export async function verify(signed: { publicKey: Uint8Array; message: Uint8Array; signature: Uint8Array }) {
  const ahead = computeAhead();
  await Promise.all([ahead.identityKey(signed.publicKey), ahead.signature(signed)]);
  return outcome(() =>
    ahead.curve.verify({ ...signed, publicKey: ahead.curve.importEd25519PublicKey(signed.publicKey) }),
  );
}

function outcome<T>(call: () => T): T | string {
  try {
    return call();
  } catch (error) {
    if (error instanceof PrimitivesError) return error.code;
    if (error instanceof RangeError) return error.message;
    throw error;
  }
}
