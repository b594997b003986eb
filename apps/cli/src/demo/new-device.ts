import { readArchived } from './archive.ts';
import { alice, bob } from './cast.ts';
import { compare, compareByAll } from './compare.ts';
import { exchange } from './exchange.ts';
import { expectEqual } from './expect.ts';
import { published } from './introduce.ts';
import { tryToWrite } from './refuse.ts';
import type { Story } from './story.ts';

/** Chapter 7: a device that comes later is a stranger first, and reads from then on. */
export async function newDevice(story: Story): Promise<void> {
  const { world } = story;
  await story.tell({
    type: 'chapter',
    number: 7,
    title: 'Bob gets a laptop',
    about:
      'A new device on the list blocks sending until somebody decides on it: it might be anybody’s. From then on it reads; what was written before stays closed to it.',
  });
  const laptop = await world.add(bob, 'laptop');
  await story.tell({ type: 'introduction', devices: [published(world, laptop)] });
  await tryToWrite(story, { from: alice, kind: 'phone', text: 'Is that a new laptop?' });

  await compareByAll(story, [laptop]);
  for (const other of world.devices.filter((device) => device !== laptop)) await compare(story, other, laptop);

  await exchange(story, { from: alice, kind: 'phone', texts: ['Is that a new laptop?'] });
  await exchange(story, { from: bob, kind: 'laptop', texts: ['It is me: you compared the fingerprint.'] });
  await tryOldMessages(story);
}

/** The server's archive has the first message; the new device cannot open it. */
async function tryOldMessages({ world, tell }: Story): Promise<void> {
  const laptop = world.device(bob, 'laptop');
  expectEqual(
    await readArchived(world, { by: laptop, id: 'demo-1' }),
    [{ type: 'not-for-this-device', id: 'demo-1' }],
    'the new laptop to show of the archive',
  );
  await tell({
    type: 'remark',
    text: 'Bob’s laptop fetched Alice’s first message from the archive: it holds no key for this device, and stays closed.',
  });
}
