import { accountGrowth } from './account-curve.ts';
import type { Curve } from './curve.ts';
import { type DeviceBytes, deviceGrowth } from './device-curve.ts';
import { ageCurve, lateCurve, skippedCurve } from './session-curves.ts';

export interface Growth {
  readonly curves: readonly Curve[];
  /** Of a device more. */
  readonly bytes: DeviceBytes;
  /** Bytes in use for an account more. */
  readonly accountHeap: number;
  /** Whether the sizes that take minutes to make were left out. */
  readonly quick: boolean;
}

/** @param options.quick leaves out the sizes that take minutes to make. */
export async function measureGrowth(options: { readonly rounds: number; readonly quick: boolean }): Promise<Growth> {
  const { rounds, quick } = options;
  const sessions = [
    await ageCurve(rounds, quick ? [1, 1_000, 10_000] : [1, 1_000, 100_000]),
    await skippedCurve(rounds, [0, 1_000]),
    await lateCurve(rounds),
  ];
  const accounts = await accountGrowth(Math.ceil(rounds / 2), [1, quick ? 100 : 1_000]);
  const devices = await deviceGrowth(rounds, quick ? [1, 10, 100, 1_000] : [1, 10, 100, 1_000, 5_000]);
  const curves = [...sessions, accounts.curve, devices.curve];
  return { curves, bytes: devices.bytes, accountHeap: accounts.heap, quick };
}
