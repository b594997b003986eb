import { accountCurve } from './account-curve.ts';
import type { Curve } from './curve.ts';
import { type DeviceBytes, deviceGrowth } from './device-curve.ts';
import { ageCurve, skippedCurve } from './session-curves.ts';

export interface Growth {
  readonly curves: readonly Curve[];
  readonly bytes: DeviceBytes;
}

/** @param quick leaves out the sizes that take minutes to make. */
export async function measureGrowth(options: { readonly rounds: number; readonly quick: boolean }): Promise<Growth> {
  const { rounds, quick } = options;
  const curves = [
    await ageCurve(rounds, quick ? [1, 1_000, 10_000] : [1, 1_000, 100_000]),
    await skippedCurve(rounds, [0, 1_000]),
    await accountCurve(Math.ceil(rounds / 2), [1, quick ? 100 : 1_000]),
  ];
  const { curve, bytes } = await deviceGrowth(rounds, quick ? [1, 10, 100, 1_000] : [1, 10, 100, 1_000, 5_000]);
  return { curves: [...curves, curve], bytes };
}
