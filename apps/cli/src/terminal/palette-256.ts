import type { Rgb } from '@omemo-kit/omemo-core/fingerprints';

/** Steps of a channel in the cube of 216 colours that begins at number 16. */
const STEPS: readonly number[] = [0, 95, 135, 175, 215, 255];
const GREYS = Array.from({ length: 24 }, (_, index) => ({ number: 232 + index, level: 8 + 10 * index }));

/** Number of the nearest colour among the cube and the greys; the first 16 belong to the theme. */
export function nearestOf256(colour: Rgb): number {
  const wanted = colour.map((channel) => channel * 255);
  const steps = wanted.map((channel) => nearestStep(channel));
  const cube = {
    number: steps.reduce((number, step) => number * 6 + step, 0) + 16,
    distance: distance(
      wanted,
      steps.map((step) => STEPS[step] ?? 0),
    ),
  };
  const candidates = GREYS.map(({ number, level }) => ({ number, distance: distance(wanted, [level, level, level]) }));
  return candidates.reduce((best, grey) => (grey.distance < best.distance ? grey : best), cube).number;
}

function nearestStep(channel: number): number {
  return STEPS.reduce((best, step, index) => {
    return Math.abs(step - channel) < Math.abs((STEPS[best] ?? 0) - channel) ? index : best;
  }, 0);
}

function distance(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, channel, index) => sum + (channel - (b[index] ?? 0)) ** 2, 0);
}
