/** Red, green and blue of sRGB, each 0 to 1. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** A colour of HSLuv: CIELUV in polar form, with the chroma scaled to what sRGB can show at that hue and lightness. */
export interface Hsluv {
  /** Degrees. */
  readonly hue: number;
  /** Per cent of the chroma possible. */
  readonly saturation: number;
  /** L* of CIELUV, 0 to 100. */
  readonly lightness: number;
}

/** Linear sRGB from CIE XYZ under D65 (IEC 61966-2-1), one row a channel. */
const FROM_XYZ: readonly (readonly [number, number, number])[] = [
  [3.240969941904521, -1.537383177570093, -0.498610760293],
  [-0.96924363628087, 1.87596750150772, 0.041555057407175],
  [0.055630079696993, -0.20397695888897, 1.056971514242878],
];

/** Chromaticity u', v' of the white point D65. */
const WHITE_U = 0.19783000664283;
const WHITE_V = 0.46831999493879;
/** Where L* goes from a straight line to a cube root: (29/3)^3 and (6/29)^3. */
const KAPPA = 903.2962962;
const EPSILON = 0.0088564516;

/** The sRGB colour, by which XEP-0392 5.3 turns an angle into something to see. */
export function hsluvToRgb({ hue, saturation, lightness }: Hsluv): Rgb {
  if (lightness > 99.9999999) return [1, 1, 1];
  if (lightness < 0.00000001) return [0, 0, 0];
  const angle = (hue / 180) * Math.PI;
  const chroma = (largestChroma(lightness, angle) * saturation) / 100;
  return luvToRgb(lightness, Math.cos(angle) * chroma, Math.sin(angle) * chroma);
}

/** How far one can go from grey in this direction (radians) before a channel of sRGB leaves 0 to 1. */
function largestChroma(lightness: number, angle: number): number {
  const y = luminance(lightness);
  let largest = Number.POSITIVE_INFINITY;
  for (const [fromX, fromY, fromZ] of FROM_XYZ) {
    for (const edge of [0, 1]) {
      // On the edge fromX X + fromY Y + fromZ Z = edge. With X = 9 Y u' / 4 v' and Z = Y (12 - 3 u' - 20 v') / 4 v' that
      // is a line a u' + b v' + c = 0, and u' and v' grow from white by chroma / 13 L* in the direction of the angle.
      const a = y * (9 * fromX - 3 * fromZ);
      const b = y * (4 * fromY - 20 * fromZ) - 4 * edge;
      const c = y * 12 * fromZ;
      const atWhite = a * WHITE_U + b * WHITE_V + c;
      const chroma = (-13 * lightness * atWhite) / (a * Math.cos(angle) + b * Math.sin(angle));
      if (chroma >= 0) largest = Math.min(largest, chroma);
    }
  }
  return largest;
}

/** Relative luminance Y of L*. */
function luminance(lightness: number): number {
  const root = ((lightness + 16) / 116) ** 3;
  return root > EPSILON ? root : lightness / KAPPA;
}

function luvToRgb(lightness: number, uStar: number, vStar: number): Rgb {
  const u = uStar / (13 * lightness) + WHITE_U;
  const v = vStar / (13 * lightness) + WHITE_V;
  const y = luminance(lightness);
  const x = (9 * y * u) / (4 * v);
  const z = (9 * y - 15 * v * y - v * x) / (3 * v);
  const [red = 0, green = 0, blue = 0] = FROM_XYZ.map((row) => gamma(row[0] * x + row[1] * y + row[2] * z));
  return [red, green, blue];
}

/** The transfer function of sRGB. Rounding may put a channel on the edge a hair outside. */
function gamma(linear: number): number {
  const encoded = linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055;
  return Math.min(1, Math.max(0, encoded));
}
