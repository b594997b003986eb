import { alice, bob } from './cast.ts';
import { exchange } from './exchange.ts';
import type { Story } from './story.ts';

/** Chapter 4: the user's words go one way, an answer the other. */
export async function talk(story: Story): Promise<void> {
  await story.tell({
    type: 'chapter',
    number: 4,
    title: 'They talk',
    about:
      'The text is sealed once, and its key is wrapped for every device by itself. In the middle is all that the server gets to see.',
  });
  await exchange(story, { from: alice, kind: 'phone', texts: [story.words] });
  await exchange(story, { from: bob, kind: 'tablet', texts: ['Got it, on my phone and on my tablet.'] });
}
