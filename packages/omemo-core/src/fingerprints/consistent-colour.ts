import { hsluvToRgb, type Rgb } from './hsluv.ts';
import { hueOf } from './hue.ts';

/**
 * The colour that every client gives to this text (XEP-0392). The hue is what is consistent; saturation and lightness
 * are a matter of the background (5.3). The default lightness is that of the specification's test vectors.
 */
export function consistentColour(text: string, { lightness = 50 }: { readonly lightness?: number } = {}): Rgb {
  return hsluvToRgb({ hue: hueOf(text), saturation: 100, lightness });
}
