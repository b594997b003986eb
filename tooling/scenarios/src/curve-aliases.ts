/** Other encodings of an X25519 public key that lead to the same shared secrets with a clamped scalar (S05). */

const P = 2n ** 255n - 19n;
const A = 486_662n;
const ORDER_8 = [
  325_606_250_916_557_431_795_983_626_356_110_631_294_008_115_727_848_805_560_023_387_167_927_233_504n,
  39_382_357_235_489_614_581_723_060_781_553_021_112_529_911_719_440_698_176_882_885_853_963_445_705_823n,
];

const mod = (a: bigint) => ((a % P) + P) % P;

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let b = mod(base), e = exponent; e > 0n; e >>= 1n, b = mod(b * b)) if (e & 1n) result = mod(result * b);
  return result;
}

const invert = (a: bigint) => power(a, P - 2n);

function squareRoot(a: bigint): bigint {
  const root = power(a, (P + 3n) / 8n);
  const found = mod(root * root) === mod(a) ? root : mod(root * power(2n, (P - 1n) / 4n));
  if (mod(found * found) !== mod(a)) throw new RangeError('not on the curve');
  return found;
}

const heightAt = (u: bigint) => squareRoot(u * u * u + A * u * u + u);

/** u of (u, v) + (s, t) for different u and s. */
function sum(u: bigint, v: bigint, s: bigint, t: bigint): bigint {
  const slope = mod((t - v) * invert(mod(s - u)));
  return mod(slope * slope - A - u - s);
}

/** The seven other points that differ from this one by a point of small order, and the high-bit form of all eight. */
export function aliasesOf(publicKey: Uint8Array): { canonical: Uint8Array[]; highBit: Uint8Array[] } {
  const u = [...publicKey].reduceRight((n, byte) => n * 256n + BigInt(byte), 0n);
  const v = heightAt(u);
  const us = [sum(u, v, 0n, 0n)];
  for (const s of [1n, ...ORDER_8]) {
    const t = heightAt(s);
    us.push(sum(u, v, s, t), sum(u, v, s, mod(-t)));
  }
  const canonical = us.map(encode);
  const highBit = [publicKey, ...canonical].map((bytes) => {
    const copy = Uint8Array.from(bytes);
    copy[31]! |= 0x80;
    return copy;
  });
  return { canonical, highBit };
}

function encode(u: bigint): Uint8Array {
  const bytes = new Uint8Array(32);
  for (let i = 0, rest = u; i < 32; i++, rest >>= 8n) bytes[i] = Number(rest & 0xffn);
  return bytes;
}

/** Encodings of the points of small order, canonical and not. */
export const lowOrderKeys: readonly Uint8Array[] = [0n, 1n, ...ORDER_8, P - 1n, P, P + 1n].map(encode);
