import { randomBytes } from '@omemo-kit/primitives';
import { type MemorySnapshot, SharedMemory } from '@omemo-kit/storage-memory';
import { gatherCrowd } from '../core/crowd.ts';
import { type Curve, measureCurve } from './curve.ts';

const DEVICES = [1, 10, 100, 1_000, 5_000];

/** What a device more costs in bytes. */
export interface DeviceBytes {
  /** Of the record with the sessions of a device that has one, key and value. */
  readonly stored: number;
  /** Of a message's XML. */
  readonly onTheWire: number;
}

export interface DeviceGrowth {
  readonly curve: Curve;
  readonly bytes: DeviceBytes;
}

/** A message against the devices it is for. */
export async function deviceGrowth(rounds: number, counts = DEVICES): Promise<DeviceGrowth> {
  const sizes = [];
  const lengths: (readonly [devices: number, bytes: number])[] = [];
  let stored = 0;
  for (const at of counts) {
    const memory = new SharedMemory();
    const crowd = await gatherCrowd(memory.open(), at);
    const plaintext = randomBytes(200);
    lengths.push([at, (await crowd.write(plaintext)).length]);
    stored = sessionBytes(memory.snapshot()) / at;
    // About a thousand devices in each run.
    const times = Math.max(1, Math.round(1_000 / at));
    const run = async (): Promise<void> => {
      for (let count = 0; count < times; count++) await crowd.write(plaintext);
    };
    sizes.push({ at, units: times * at, run });
  }
  const [few, many] = [lengths[0], lengths.at(-1)] as const;
  const onTheWire = few && many && many[0] > few[0] ? (many[1] - few[1]) / (many[0] - few[0]) : 0;
  const about = { title: 'devices of a message', of: 'devices', unit: 'device' };
  return { curve: await measureCurve(about, sizes, rounds), bytes: { stored, onTheWire } };
}

function sessionBytes(records: MemorySnapshot): number {
  const sessions = records.filter(({ key }) => key.includes('/session/'));
  return sessions.reduce((sum, { key, value }) => sum + key.length + value.length, 0);
}
