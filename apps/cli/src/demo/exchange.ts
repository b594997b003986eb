import { alice, bob, type DeviceKind, type Person } from './cast.ts';
import type { ChatDevice } from './chat-device.ts';
import { expectEqual } from './expect.ts';
import { expectedOnScreen, setFate } from './fate.ts';
import type { DeviceScreen, Fate } from './scenes.ts';
import { type StanzaView, stanzaView } from './stanza-view.ts';
import type { Story } from './story.ts';

export interface ExchangeOptions {
  readonly from: Person;
  readonly kind: DeviceKind;
  readonly texts: readonly string[];
  /** What the network does to the recipient's copies; it carries them unless told otherwise. */
  readonly fate?: Fate;
  /** How many earlier messages the recipient is to find missing. */
  readonly missing?: number;
  /** A device that is switched off once it has read the first text, and shows none. */
  readonly switchesOff?: ChatDevice;
}

/** Sends texts one after the other, and checks and tells what every other device shows then. Returns them as the server saw them. */
export async function exchange(story: Story, options: ExchangeOptions): Promise<readonly StanzaView[]> {
  const { from, kind, texts, fate = 'carried', missing = 0, switchesOff } = options;
  const { world, tally, said } = story;
  const to = from === alice ? bob : alice;
  const writer = world.device(from, kind);
  const messages = texts.map((text) => ({ id: `demo-${++tally.sent}`, from: from.jid, text }));
  const ids = messages.map(({ id }) => id);
  said.push(...texts);

  const checkFate = setFate(world.server, { fate, ids, devices: world.devices.filter(({ owner }) => owner === to) });
  for (const { id, text } of messages) {
    expectEqual(await writer.send({ to, text, id }), { type: 'sent' }, `${from.name}'s ${kind} to send`);
  }
  await world.rest();
  checkFate();

  const server = world.messages().map(stanzaView);
  const sent = server.filter(({ id }) => ids.includes(id));
  expectEqual(
    sent.map(({ id }) => id),
    ids,
    'the server to have the messages',
  );
  const others = world.devices.filter((device) => device !== writer);
  const screens: DeviceScreen[] = [];
  for (const device of others) {
    const onScreen = device.owner === to ? { fate, missing } : { fate: 'carried' as const, missing: 0 };
    const expected = device === switchesOff ? [] : expectedOnScreen(messages, onScreen);
    const shows = device.takeShown();
    expectEqual(shows, expected, `${device.owner.name}'s ${device.kind} to show`);
    screens.push({ name: device.name, shows });
  }
  if (fate === 'lost') tally.lost += texts.length;
  else tally.read += texts.length;
  if (fate === 'doubled') tally.duplicates += texts.length;
  await story.tell({ type: 'exchange', from: writer.name, to: to.name, texts, fate, server: sent, screens });
  return sent;
}
