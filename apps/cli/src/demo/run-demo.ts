import type { TwomemoPeer } from '@omemo-kit/interop';
import type { LoopbackServer } from '@omemo-kit/loopback';
import { NS_OMEMO } from '@omemo-kit/omemo-wire';
import type { DemoStorage } from './demo-storage.ts';
import { introduce } from './introduce.ts';
import { newDevice } from './new-device.ts';
import { refuse } from './refuse.ts';
import { restart } from './restart.ts';
import type { Scene } from './scenes.ts';
import { search } from './search.ts';
import type { Story } from './story.ts';
import { summarize } from './summarize.ts';
import { talk } from './talk.ts';
import { newTally } from './tally.ts';
import { trouble } from './trouble.ts';
import { verify } from './verify.ts';
import { World } from './world.ts';

export interface DemoOptions {
  /** What Alice says first. */
  readonly words: string;
  /** Runs Bob's devices, in the place of omemo-kit. */
  readonly peer?: TwomemoPeer | undefined;
  readonly server: LoopbackServer;
  readonly storage: DemoStorage;
  tell(scene: Scene): Promise<void>;
}

/** Plays the story on a server, and tells every scene once it has happened. Throws a `CliError` when one goes wrong. */
export async function runDemo({ words, peer, server, storage, tell }: DemoOptions): Promise<void> {
  const world = new World({ server, storage, peer });
  const story: Story = { world, tally: newTally(), words, said: [], tell };
  try {
    const bobs = peer === undefined ? 'omemo-kit' : `python-omemo ${peer.versions.packages.omemo}`;
    const software = { Alice: 'omemo-kit', Bob: bobs };
    await tell({ type: 'opening', namespace: NS_OMEMO, software, records: storage.place });
    for (const chapter of [introduce, refuse, verify, talk, trouble, restart, newDevice, search]) await chapter(story);
    await tell(summarize(story));
  } finally {
    await world.close();
  }
}
