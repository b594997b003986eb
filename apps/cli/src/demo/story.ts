import type { Scene } from './scenes.ts';
import type { Tally } from './tally.ts';
import type { World } from './world.ts';

/** What every chapter works with. */
export interface Story {
  readonly world: World;
  readonly tally: Tally;
  /** What Alice says first: the user's words. */
  readonly words: string;
  /** Every text that was sent, to be looked for at the end. */
  readonly said: string[];
  tell(scene: Scene): Promise<void>;
}
