import { NODE_BUNDLES, parseBundle } from '@omemo-kit/omemo-wire';
import { alice, bob } from './cast.ts';
import type { ChatDevice } from './chat-device.ts';
import { expect, expectEqual } from './expect.ts';
import type { Introduction } from './scenes.ts';
import type { Story } from './story.ts';
import type { World } from './world.ts';

/** Chapter 1: two people, two devices each, everything published. */
export async function introduce(story: Story): Promise<void> {
  const { world } = story;
  await story.tell({
    type: 'chapter',
    number: 1,
    title: 'Four devices introduce themselves',
    about:
      'Each makes an identity key, keeps the secret half to itself, and publishes a bundle of public keys: enough for others to write to it, even while it is offline.',
  });
  world.server.subscribe(alice.jid, bob.jid);
  await world.add(alice, 'phone');
  await world.add(alice, 'laptop');
  await world.add(bob, 'phone');
  await world.add(bob, 'tablet');
  for (const person of [alice, bob]) await expectToFind(world, person === alice ? bob : alice, person);
  await story.tell({ type: 'introduction', devices: world.devices.map((device) => published(world, device)) });
}

/** Every device of one person finds all devices of the other by asking the server. */
async function expectToFind(world: World, finder: typeof alice, person: typeof alice): Promise<void> {
  const ids = world.devices.filter(({ owner }) => owner === person).map(({ deviceId }) => deviceId);
  for (const device of world.devices.filter(({ owner }) => owner === finder)) {
    const found = (await device.knownDevices(person)).map(({ deviceId }) => deviceId);
    expectEqual(
      found.toSorted(byNumber),
      ids.toSorted(byNumber),
      `${finder.name}'s ${device.kind} to find the devices`,
    );
  }
}

function byNumber(a: number, b: number): number {
  return a - b;
}

/** What the server has of a device, read off the server. */
export function published(world: World, { owner, name, deviceId }: ChatDevice): Introduction['devices'][number] {
  const item = world.server.node(owner.jid, NODE_BUNDLES)?.items.get(String(deviceId));
  expect(item !== undefined, `the server to have the bundle of ${owner.name}'s ${name.kind}`);
  const bundleBytes = new TextEncoder().encode(item.toString()).length;
  return { name, jid: owner.jid, deviceId, preKeys: parseBundle(item).preKeys.length, bundleBytes };
}
