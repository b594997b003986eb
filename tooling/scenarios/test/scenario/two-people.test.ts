import { LoopbackServer } from '@omemo-kit/loopback';
import { expect, test } from 'vitest';
import { Client } from '../../src/world.ts';

async function calm(server: LoopbackServer, clients: readonly Client[]) {
  for (let round = 0; round < 6; round++) {
    await server.settle();
    for (const client of clients) await client.idle();
    for (const client of clients) expect(await client.omemo.settle()).toEqual([]);
  }
}

test('two accounts with two devices each talk', async () => {
  const server = new LoopbackServer();
  server.subscribe('alice@example.org', 'bob@example.net');
  server.subscribe('bob@example.net', 'alice@example.org');
  const phone = await Client.open(server, 'alice@example.org/phone');
  const laptop = await Client.open(server, 'alice@example.org/laptop');
  const bobPhone = await Client.open(server, 'bob@example.net/phone');
  const tablet = await Client.open(server, 'bob@example.net/tablet');
  const all = [phone, laptop, bobPhone, tablet];
  for (const client of all) await client.omemo.start();
  await calm(server, all);

  const sent = await phone.say('bob@example.net', 'hello');
  expect(sent.delivery).toBe('accepted');
  expect(sent.devices).toHaveLength(3);
  await calm(server, all);
  expect(bobPhone.texts).toEqual(['hello']);
  expect(tablet.texts).toEqual(['hello']);
  expect(laptop.texts).toEqual(['hello']);

  await tablet.say('alice@example.org', 'hi there');
  await calm(server, all);
  expect(phone.texts).toEqual(['hi there']);
  expect(laptop.texts).toEqual(['hello', 'hi there']);
  expect(bobPhone.texts).toEqual(['hello', 'hi there']);
});
