import { alice, bob } from './cast.ts';
import { exchange } from './exchange.ts';
import type { Story } from './story.ts';

/** Chapter 5: a network that loses, reorders and repeats. */
export async function trouble(story: Story): Promise<void> {
  await story.tell({
    type: 'chapter',
    number: 5,
    title: 'The network misbehaves',
    about:
      'Every message has a key of its own, used once. A gap in the numbers shows, a late message still opens, and a copy of one that was read opens nothing.',
  });
  await exchange(story, { from: alice, kind: 'phone', texts: ['Nobody will read this.'], fate: 'lost' });
  await exchange(story, { from: alice, kind: 'phone', texts: ['Did you get my last one?'], missing: 1 });
  await exchange(story, {
    from: alice,
    kind: 'phone',
    texts: ['First the tram,', 'then five minutes on foot.'],
    fate: 'swapped',
  });
  await exchange(story, { from: alice, kind: 'phone', texts: ['See you there!'], fate: 'doubled' });
  await exchange(story, { from: bob, kind: 'phone', texts: ['One of your messages never came, the rest did.'] });
}
