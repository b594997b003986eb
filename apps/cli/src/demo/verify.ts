import { compareByAll } from './compare.ts';
import type { Story } from './story.ts';

/** Chapter 3: people compare what their screens show. */
export async function verify(story: Story): Promise<void> {
  await story.tell({
    type: 'chapter',
    number: 3,
    title: 'They compare fingerprints',
    about:
      'What a device shows of itself must be what the others have of it. Every group of digits has the colour that XEP-0392 gives it, the same in every client.',
  });
  await compareByAll(story, story.world.devices);
}
