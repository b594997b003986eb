import { randomBytes } from '@omemo-kit/primitives';
import { type MemorySnapshot, SharedMemory } from '@omemo-kit/storage-memory';
import { gatherCrowd } from '../core/crowd.ts';
import { type Curve, measureCurve } from './curve.ts';
import { bytesInUse } from './heap.ts';

const DEVICES = [1, 10, 100, 1_000, 5_000];
/** Below, what a message costs once is a good part of the price of each device. */
const MANY = 100;

/** What a device more costs in bytes. */
export interface DeviceBytes {
  /** In the store, key and value, by the kind of the record. */
  readonly stored: Readonly<Record<string, number>>;
  /** Of a message's XML. */
  readonly onTheWire: number;
  /** In use by the process, with the store in memory and the bundles that were published. */
  readonly heap: number;
}

export interface DeviceGrowth {
  readonly curve: Curve;
  readonly bytes: DeviceBytes;
}

/** A message against the devices it is for. */
export async function deviceGrowth(rounds: number, counts = DEVICES): Promise<DeviceGrowth> {
  const sizes = [];
  const measured: { at: number; stored: Readonly<Record<string, number>>; onTheWire: number; heap: number }[] = [];
  for (const at of counts) {
    const memory = new SharedMemory();
    const before = bytesInUse();
    const crowd = await gatherCrowd(memory.open(), at);
    const plaintext = randomBytes(200);
    const { length: onTheWire } = await crowd.write(plaintext);
    measured.push({ at, stored: bytesByKind(memory.snapshot()), onTheWire, heap: bytesInUse() - before });
    // About a thousand devices in each run.
    const times = Math.max(1, Math.round(1_000 / at));
    const run = async (): Promise<void> => {
      for (let count = 0; count < times; count++) await crowd.write(plaintext);
    };
    sizes.push({ at, units: times * at, prepare: () => run });
  }
  const [few, many] = [measured[0], measured.at(-1)];
  if (few === undefined || many === undefined || few === many) throw new RangeError('one size is no curve');
  const each = (a: number, b: number) => (b - a) / (many.at - few.at);
  const stored = Object.entries(many.stored).map(
    ([kind, bytes]) => [kind, each(few.stored[kind] ?? 0, bytes)] as const,
  );
  const bytes = {
    stored: Object.fromEntries(stored.filter(([, more]) => more >= 1)),
    onTheWire: each(few.onTheWire, many.onTheWire),
    heap: each(few.heap, many.heap),
  };
  const from = counts.includes(MANY) ? MANY : few.at;
  const about = { title: 'devices of a message', of: 'devices', unit: 'device', from };
  return { curve: await measureCurve(about, sizes, rounds), bytes };
}

/** The kind is the second segment of a key, after the account. */
function bytesByKind(records: MemorySnapshot): Readonly<Record<string, number>> {
  const kinds: Record<string, number> = {};
  for (const { key, value } of records) {
    const kind = key.split('/')[1] ?? '';
    kinds[kind] = (kinds[kind] ?? 0) + key.length + value.length;
  }
  return kinds;
}
