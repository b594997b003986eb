import { expect, test } from 'vitest';
import { consistentColour } from '../../src/fingerprints/consistent-colour.ts';
import { hsluvToRgb } from '../../src/fingerprints/hsluv.ts';
import { hueOf } from '../../src/fingerprints/hue.ts';

// XEP-0392 section 13.1 (version 1.0.1): text, angle in degrees, sRGB at saturation 100 and lightness 50.
const XEP_0392 = [
  ['Romeo', 327.255249, [0.865, 0.0, 0.686]],
  ['juliet@capulet.lit', 209.4104, [0.0, 0.515, 0.573]],
  ['😺', 331.199341, [0.872, 0.0, 0.659]],
  ['council', 359.994507, [0.918, 0.0, 0.394]],
  ['Board', 171.430664, [0.0, 0.527, 0.457]],
] as const;

test.each(XEP_0392)('XEP-0392: %s', (text, angle, rgb) => {
  expect(hueOf(text)).toBeCloseTo(angle, 6);
  for (const [index, channel] of consistentColour(text).entries()) expect(channel).toBeCloseTo(rgb[index] ?? -1, 3);
});

// The primaries of sRGB in HSLuv, as its reference implementation gives them.
const PRIMARIES = [
  [12.177050630061776, 53.23711559542933, [1, 0, 0]],
  [127.71501294924047, 87.73551910966002, [0, 1, 0]],
  [265.8743202181779, 32.30087290398002, [0, 0, 1]],
] as const;

test.each(PRIMARIES)('HSLuv: a hue of %f at lightness %f', (hue, lightness, rgb) => {
  const colour = hsluvToRgb({ hue, saturation: 100, lightness });
  for (const [index, channel] of colour.entries()) expect(channel).toBeCloseTo(rgb[index] ?? -1, 6);
});

test('HSLuv: without saturation it is grey, at the ends of lightness black and white', () => {
  const [red, green, blue] = hsluvToRgb({ hue: 77, saturation: 0, lightness: 50 });
  expect(red).toBeCloseTo(0.46633, 4);
  expect(green).toBeCloseTo(red, 9);
  expect(blue).toBeCloseTo(red, 9);
  expect(hsluvToRgb({ hue: 77, saturation: 100, lightness: 100 })).toEqual([1, 1, 1]);
  expect(hsluvToRgb({ hue: 77, saturation: 100, lightness: 0 })).toEqual([0, 0, 0]);
});

test('every colour is one of sRGB', () => {
  for (let hue = 0; hue < 360; hue += 3) {
    for (const lightness of [1, 25, 50, 60, 75, 99]) {
      for (const channel of hsluvToRgb({ hue, saturation: 100, lightness })) {
        expect(channel).toBeGreaterThanOrEqual(0);
        expect(channel).toBeLessThanOrEqual(1);
      }
    }
  }
});
