/** Just enough arithmetic, apart from the library under test, to make the bytes of an attacker. */

export const P = 2n ** 255n - 19n;
const D = mod(-121665n * inverse(121666n));
const SQRT_MINUS_ONE = power(2n, (P - 1n) / 4n);

/** Order 8: all multiples of this point are the torsion of the curve. */
const TORSION_Y = 2707385501144840649318225287225658788936804267575313519463743609750303402022n;

interface Point {
  readonly x: bigint;
  readonly y: bigint;
}

/** u of every point of small order: the two of order 8, 0, 1, -1, and what reduces to them. */
const SMALL_ORDER_U: readonly bigint[] = [
  0n,
  1n,
  325606250916557431795983626356110631294008115727848805560023387167927233504n,
  39382357235489614581723060781553021112529911719440698176882885853963445705823n,
  P - 1n,
  P,
  P + 1n,
];

/** Every 32-byte encoding of a Curve25519 point of small order: with and without the bit that X25519 ignores. */
export const SMALL_ORDER_X25519: readonly Uint8Array[] = SMALL_ORDER_U.flatMap((u) => [
  littleEndian(u),
  littleEndian(u + 2n ** 255n),
]);

/** Every 32-byte encoding of an Ed25519 point of small order, the non-canonical ones included. */
export const SMALL_ORDER_ED25519: readonly Uint8Array[] = [0n, 1n, P - 1n, P, P + 1n, TORSION_Y, P - TORSION_Y].flatMap(
  (y) => [littleEndian(y), littleEndian(y + 2n ** 255n)],
);

/** The u-coordinates of P + T for the seven points T of small order but the neutral one: X25519 gives one result for all. */
export function torsionAliases(key: Uint8Array): Uint8Array[] {
  const u = bigEndian(key.slice().reverse());
  const point = decompress(mod((u - 1n) * inverse(u + 1n)));
  const torsion = decompress(TORSION_Y);
  const aliases: Uint8Array[] = [];
  let sum = point;
  for (let multiple = 1; multiple < 8; multiple += 1) {
    sum = add(sum, torsion);
    aliases.push(littleEndian(mod((1n + sum.y) * inverse(1n - sum.y))));
  }
  return aliases;
}

export function littleEndian(value: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, index) => Number((value >> BigInt(8 * index)) & 0xffn));
}

function bigEndian(bytes: Uint8Array): bigint {
  return bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

function mod(value: bigint): bigint {
  return ((value % P) + P) % P;
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let square = mod(base), rest = exponent; rest > 0n; square = mod(square * square), rest >>= 1n) {
    if (rest & 1n) result = mod(result * square);
  }
  return result;
}

function inverse(value: bigint): bigint {
  return power(value, P - 2n);
}

/** Either x of this y: the sign does not matter here. */
function decompress(y: bigint): Point {
  const square = mod((y * y - 1n) * inverse(D * y * y + 1n));
  const root = power(square, (P + 3n) / 8n);
  const x = mod(root * root) === square ? root : mod(root * SQRT_MINUS_ONE);
  if (mod(x * x) !== square) throw new RangeError('a point of the twist');
  return { x, y };
}

function add(one: Point, other: Point): Point {
  const product = mod(D * one.x * other.x * one.y * other.y);
  return {
    x: mod((one.x * other.y + other.x * one.y) * inverse(1n + product)),
    y: mod((one.y * other.y + one.x * other.x) * inverse(1n - product)),
  };
}
