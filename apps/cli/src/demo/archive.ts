import type { ChatDevice, Shown } from './chat-device.ts';
import type { World } from './world.ts';

/** Has a device fetch a message from the archive of its account, by the id of the stanza, and returns what it shows then. */
export async function readArchived(
  world: World,
  { by: device, id }: { readonly by: ChatDevice; readonly id: string },
): Promise<readonly Shown[]> {
  const found = world.server.archive(device.owner.jid).find(({ stanza }) => stanza.attrs['id'] === id);
  if (found !== undefined) await device.readArchived(found.stanza);
  await world.rest();
  return device.takeShown();
}
