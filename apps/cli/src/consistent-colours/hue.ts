import { createHash } from 'node:crypto';

/**
 * Hue of a text in degrees, 0 to below 360: the first two bytes of the SHA-1 of its UTF-8, the second one the more
 * significant, as a fraction of the circle (XEP-0392 5.1).
 */
export function hueOf(text: string): number {
  const digest = createHash('sha1').update(text, 'utf8').digest();
  return (digest.readUInt16LE(0) / 0x1_0000) * 360;
}
