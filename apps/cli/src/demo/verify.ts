import type { DeviceName } from './cast.ts';
import type { ChatDevice } from './chat-device.ts';
import { expect, expectEqual } from './expect.ts';
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
  await compare(story, story.world.devices);
}

/** Everybody compares these devices with their own list, and decides. Tells who verified whom. */
export async function compare({ world, tally, tell }: Story, devices: readonly ChatDevice[]): Promise<void> {
  const compared = [];
  for (const device of devices) {
    const verifiedBy: DeviceName[] = [];
    for (const other of world.devices) {
      if (other === device) continue;
      if (await verifies(other, device)) verifiedBy.push(other.name);
    }
    tally.verifications += verifiedBy.length;
    const { name, deviceId, fingerprint } = device;
    compared.push({ name, deviceId, fingerprint, verifiedBy });
  }
  await tell({ type: 'comparison', devices: compared });
}

/** Compares one device's own fingerprint with the one another device has of it; false when that was decided before. */
export async function verifies(by: ChatDevice, device: ChatDevice): Promise<boolean> {
  const known = (await by.knownDevices(device.owner)).find(({ deviceId }) => deviceId === device.deviceId);
  expect(known !== undefined, `${by.owner.name}'s ${by.kind} to know ${device.owner.name}'s ${device.kind}`);
  if (known.trust === 'decided') return false;
  const what = `${by.owner.name}'s ${by.kind} to show the fingerprint of ${device.owner.name}'s ${device.kind}`;
  expectEqual(known.fingerprint, device.fingerprint, what);
  await by.verify(known);
  return true;
}
