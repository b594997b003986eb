import type { Replay } from './kind.ts';
import type { Recorded } from './recorded.ts';
import type { ReplayedDevice } from './replayed-device.ts';
import type { World } from './world.ts';
import type { WorldCounts } from './world-counts.ts';
import type { WorldKeys } from './world-keys.ts';

/** A world with one of its devices in our hands. */
export interface WorldRole {
  readonly name: string;
  readonly world: World;
  readonly keys: WorldKeys;
  readonly device: ReplayedDevice;
  readonly counts: WorldCounts;
  /** Send events whose message this device has read. */
  readonly read: Set<number>;
  /** Devices that we wrote to over another session than the recording. */
  readonly strayed: Set<string>;
  deviation: Replay['deviation'];
}

/** Worlds record their plaintexts as text. */
export function utf8(text: Recorded): Uint8Array {
  return new TextEncoder().encode(text.text());
}
