import { sha1 } from '@omemo-kit/primitives/legacy';

/**
 * Hue of a text in degrees, 0 to below 360: the first two bytes of the SHA-1 of its UTF-8, the second one the more
 * significant, as a fraction of the circle (XEP-0392 5.1).
 */
export function hueOf(text: string): number {
  const [low = 0, high = 0] = sha1(new TextEncoder().encode(text));
  return ((high * 0x100 + low) / 0x1_0000) * 360;
}
