import type { Counts, Kind } from '../kind.ts';
import { readWorld } from '../world.ts';
import { WorldCounts } from '../world-counts.ts';
import { replayWorldAs } from '../world-replay.ts';

/** Whole accounts with several devices, replayed once in the place of each device. */
export const worlds: Kind = {
  name: 'worlds',
  matches: (file) => file.find('format')?.value === 'omemo-world/1',
  async replay(file, replay): Promise<Counts> {
    const world = readWorld(file);
    const counts = new WorldCounts();
    for (const name of world.devices.keys()) await replayWorldAs(name, { world, replay, counts });
    const made = counts.toCounts();
    const recorded = file.find('counts');
    if (recorded !== undefined) {
      await replay.step('counts', (compare) => {
        for (const name of recorded.names()) compare.value(name, made[name], recorded.get(name).count());
      });
    }
    return made;
  },
};
