import { createHash } from 'node:crypto';
import { ed25519 } from '@noble/curves/ed25519.js';
import fc from 'fast-check';
import { fromLittleEndian, littleEndian } from './hex.ts';
import { L, torsionGenerator } from './points.ts';

/** A signature whose R may have torsion, as only the owner of the key can make one: valid by the equation with the factor 8. */
export const oddSignature = fc
  .record({
    a: fc.bigInt({ min: 1n, max: L - 1n }),
    r: fc.bigInt({ min: 0n, max: L - 1n }),
    torsion: fc.integer({ min: 0, max: 7 }),
    message: fc.uint8Array({ maxLength: 40 }),
  })
  .map(signatureOf);

function signatureOf(made: { a: bigint; r: bigint; torsion: number; message: Uint8Array }) {
  const { a, r, torsion, message } = made;
  const { BASE, ZERO } = ed25519.Point;
  const publicKey = BASE.multiply(a).toBytes();
  const point = (r === 0n ? ZERO : BASE.multiply(r)).add(torsionGenerator.multiplyUnsafe(BigInt(torsion)));
  const commitment = point.toBytes();
  const hash = createHash('sha512').update(commitment).update(publicKey).update(message).digest();
  const k = fromLittleEndian(hash) % L;
  const signature = new Uint8Array(64);
  signature.set(commitment);
  signature.set(littleEndian((r + k * a) % L), 32);
  return { publicKey, message, signature };
}

const empty = { message: new Uint8Array(0), a: 1n, r: 0n };
/** With an R that is the neutral element, and with one of order 2. */
export const oddExamples = [0, 4].map((torsion) => signatureOf({ ...empty, torsion }));
