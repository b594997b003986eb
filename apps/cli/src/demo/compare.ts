import type { ChatDevice } from './chat-device.ts';
import { expect, expectEqual } from './expect.ts';
import type { Story } from './story.ts';

/** What two people do: one reads the fingerprint off the device itself, the other off the own list, and decides. */
export async function compare({ tally }: Story, device: ChatDevice, by: ChatDevice): Promise<void> {
  const [name, other] = [device, by].map(({ owner, kind }) => `${owner.name}'s ${kind}`);
  const known = (await by.knownDevices(device.owner)).find(({ deviceId }) => deviceId === device.deviceId);
  expect(known?.trust === 'undecided', `${name} to wait for a decision on ${other}`);
  expectEqual(known.fingerprint, device.fingerprint, `${other} to have the fingerprint of ${name}`);
  await by.verify(known);
  tally.verifications += 1;
}

/** Has every device compared by all others, and tells who verified whom. */
export async function compareByAll(story: Story, devices: readonly ChatDevice[]): Promise<void> {
  const compared = [];
  for (const device of devices) {
    const others = story.world.devices.filter((other) => other !== device);
    for (const other of others) await compare(story, device, other);
    const { name, deviceId, fingerprint } = device;
    compared.push({ name, deviceId, fingerprint, verifiedBy: others.map((other) => other.name) });
  }
  await story.tell({ type: 'comparison', devices: compared });
}
