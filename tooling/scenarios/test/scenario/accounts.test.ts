import { createHash } from 'node:crypto';
import { recordKeys } from '@omemo-kit/omemo-core/records';
import { type MemorySnapshot, SharedMemory } from '@omemo-kit/storage-memory';
import { expect, test } from 'vitest';
import { Client } from '../../src/client.ts';
import { World } from '../../src/world.ts';

/** How many records each account has. */
function counts(snapshot: MemorySnapshot): Map<string, number> {
  const found = new Map<string, number>();
  for (const { key } of snapshot) {
    const account = key.slice(0, key.indexOf('/'));
    found.set(account, (found.get(account) ?? 0) + 1);
  }
  return found;
}

test('a thousand accounts in one store and one process: each touches its own records only', async () => {
  const world = new World();
  const memory = new SharedMemory();
  const touched = new Map<string, Set<string>>();
  const clients: Client[] = [];
  for (let n = 0; n < 1_000; n++) {
    // Names that are each other's beginning, and names with what keys are made of.
    const jid = `user${n}${n % 3 === 0 ? '.x' : ''}@example.org`;
    const accounts = new Set<string>();
    touched.set(recordKeys(jid).account, accounts);
    const store = memory.open({
      pause: ({ keys }) => {
        for (const key of keys) accounts.add(key.slice(0, key.indexOf('/')));
      },
    });
    const connection = world.server.connect(`${jid}/r`);
    clients.push(await Client.open(connection, memory, { store }));
  }
  const [first, second] = [clients[1]!, clients[10]!];
  const others = () => {
    const digest = createHash('sha256');
    for (const { key, value, revision } of memory.snapshot()) {
      if (!/^user(1|10)%40/.test(key)) digest.update(key).update(value).update(revision);
    }
    return digest.digest('hex');
  };
  const before = others();
  for (const client of [first, second]) await client.omemo.start();
  await first.say(second.jid, 'hello');
  await world.server.settle();
  await second.idle();
  await second.say(first.jid, 'hi');
  await world.server.settle();
  expect([first.texts, second.texts]).toEqual([['hi'], ['hello']]);
  expect(others()).toBe(before);
  for (const [account, accounts] of touched) expect([...accounts]).toEqual([account]);
  const found = counts(memory.snapshot());
  expect([...found.keys()].sort()).toEqual([...touched.keys()].sort());
  expect(Math.min(...found.values())).toBe(27);
});

test('two devices of one account in one store are told apart by their account names', async () => {
  const world = new World();
  const memory = new SharedMemory();
  const work = await world.client('alice@example.org/work', { memory, account: 'alice at work' });
  const home = await world.client('alice@example.org/home', { memory, account: 'alice at work/home' });
  const bob = await world.client('bob@example.net/desk');
  for (const client of [work, home, bob]) await client.omemo.start();
  await world.calm();
  await bob.say(work.jid, 'hello');
  await world.calm();
  expect([work.texts, home.texts]).toEqual([['hello'], ['hello']]);
  expect(work.omemo.deviceId).not.toBe(home.omemo.deviceId);
  expect(new Set(memory.snapshot().map(({ key }) => key.split('/')[0]))).toEqual(
    new Set(['alice%20at%20work', 'alice%20at%20work%2Fhome']),
  );
});

test('a store that holds another account under this name is refused', async () => {
  const world = new World();
  const memory = new SharedMemory();
  await world.client('alice@example.org/phone', { memory, account: 'main' });
  await expect(world.client('bob@example.net/phone', { memory, account: 'main' })).rejects.toMatchObject({
    code: 'different-account',
  });
});

test.each(['', '\ud800'])('an account name of %j is refused', async (account) => {
  const world = new World();
  await expect(world.client('alice@example.org/phone', { account })).rejects.toMatchObject({
    code: 'invalid-argument',
  });
});
