import { expect, test } from 'vitest';
import { World } from '../../src/world.ts';

test('two accounts with two devices each talk', async () => {
  const world = new World();
  const [phone, laptop, bobPhone, tablet] = await world.started(
    'alice@example.org/phone',
    'alice@example.org/laptop',
    'bob@example.net/phone',
    'bob@example.net/tablet',
  );

  const sent = await phone.say('bob@example.net', 'hello');
  expect(sent.delivery).toBe('accepted');
  expect(sent.devices).toHaveLength(3);
  await world.calm();
  expect(bobPhone.texts).toEqual(['hello']);
  expect(tablet.texts).toEqual(['hello']);
  expect(laptop.texts).toEqual(['hello']);

  await tablet.say('alice@example.org', 'hi there');
  await world.calm();
  expect(phone.texts).toEqual(['hi there']);
  expect(laptop.texts).toEqual(['hello', 'hi there']);
  expect(bobPhone.texts).toEqual(['hello', 'hi there']);
});
