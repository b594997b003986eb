import { alice, bob, type DeviceKind, type DeviceName, type Person } from './cast.ts';
import { expect, expectEqual } from './expect.ts';
import type { Story } from './story.ts';
import type { World } from './world.ts';

/** Chapter 2: nothing is sent to devices that nobody has decided on. */
export async function refuse(story: Story): Promise<void> {
  await story.tell({
    type: 'chapter',
    number: 2,
    title: 'Nothing is sent to strangers',
    about:
      'A list on a server is a claim, not proof. Until somebody decides whose keys these are, writing is refused, and the refusal says which devices wait.',
  });
  await tryToWrite(story, { from: alice, kind: 'phone', text: story.words });
  await tryToWrite(story, { from: bob, kind: 'tablet', text: 'Alice, is that you?' });
}

/** Sends a text that must be refused, because of every other device not decided on, and must not reach the server. */
export async function tryToWrite(
  { world, said, tell }: Story,
  message: { readonly from: Person; readonly kind: DeviceKind; readonly text: string },
): Promise<void> {
  const { from, kind, text } = message;
  const to = from === alice ? bob : alice;
  const writer = world.device(from, kind);
  const before = world.messages().length;
  said.push(text);
  const outcome = await writer.send({ to, text, id: 'refused' });
  expect(outcome.type === 'refused', `${from.name}'s ${kind} to refuse to send before every device is decided on`);
  await world.rest();
  expectEqual(world.messages().length - before, 0, 'no message to reach the server');

  const waiting = world.devices.filter((device) =>
    outcome.undecided.some(({ deviceId }) => deviceId === device.deviceId),
  );
  expect(waiting.length === outcome.undecided.length && waiting.length > 0, 'the refusal to name devices that exist');
  const undecided = outcome.undecided.map(({ deviceId, fingerprint }) => {
    return { name: nameOf(world, deviceId), deviceId, fingerprint };
  });
  await tell({
    type: 'refusal',
    by: writer.name,
    to: to.name,
    text,
    reason: outcome.reason,
    undecided,
    messagesAtServer: 0,
  });
}

function nameOf(world: World, deviceId: number): DeviceName {
  const device = world.devices.find((one) => one.deviceId === deviceId);
  expect(device !== undefined, `device ${deviceId} to be somebody's`);
  return device.name;
}
