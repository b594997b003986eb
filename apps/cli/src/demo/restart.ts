import { readArchived } from './archive.ts';
import { alice, bob } from './cast.ts';
import { exchange } from './exchange.ts';
import { expect, expectEqual } from './expect.ts';
import type { Story } from './story.ts';

const TEXT = 'Bring an umbrella: rain at seven.';

/** Chapter 6: a device ends between reading a message and showing it, and starts again from its records. */
export async function restart(story: Story): Promise<void> {
  const { world, tally } = story;
  await story.tell({
    type: 'chapter',
    number: 6,
    title: 'A laptop is switched off in the middle',
    about:
      'Reading a message uses its key up, so the text is stored in the same step and stays until the app has it. Alice’s laptop ends right after that step, before it shows anything, and starts again from its records.',
  });
  const stopped = world.kitDevice(alice, 'laptop');
  stopped.switchOffAtNextMessage();
  await exchange(story, { from: bob, kind: 'phone', texts: [TEXT], switchesOff: stopped });
  expect(stopped.isOff, "Alice's laptop to be off");

  const laptop = await world.restart(stopped);
  const { name, deviceId, unacknowledged } = laptop;
  const identity = { deviceId: stopped.deviceId, fingerprint: stopped.fingerprint };
  expectEqual({ deviceId, fingerprint: laptop.fingerprint }, identity, "Alice's laptop to be the device it was");
  expectEqual(unacknowledged, stopped.unacknowledged, 'it to have the message under the same id');
  const id = `demo-${tally.sent}`;
  const shows = laptop.takeShown();
  expectEqual(shows, [{ type: 'text', id, from: bob.jid, text: TEXT, missing: 0, order: 'in-order' }], 'it to show');
  await story.tell({ type: 'restart', name, deviceId, unacknowledged, shows });

  expectEqual(await readArchived(world, { by: laptop, id }), [{ type: 'duplicate', id }], 'it to show of the archive');
  tally.duplicates += 1;
  await story.tell({
    type: 'remark',
    text: 'Alice’s laptop fetched the same message from the archive: it knows the copy for one, and shows nothing twice.',
  });
  const sent = await exchange(story, { from: alice, kind: 'laptop', texts: ['Back again. Thanks, I have one.'] });
  const goesOn = sent.every(({ keys }) => keys.every(({ content }) => content === 'message'));
  expect(goesOn, "Alice's laptop to go on with the sessions it had");
}
