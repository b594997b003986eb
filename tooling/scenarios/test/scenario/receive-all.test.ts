import { type ReceiveResult, StoreError } from '@omemo-kit/omemo-core';
import type { PausePoint } from '@omemo-kit/storage-memory';
import type { Element } from 'ltx';
import { describe, expect, test } from 'vitest';
import { Client, textOf } from '../../src/client.ts';
import { copyOf, encryptedIn } from '../../src/stanzas.ts';
import { World } from '../../src/world.ts';

const catchUp = { delivery: 'catch-up' } as const;

/** Bob, who was away, and what two people wrote to him meanwhile. */
async function away(messages: number) {
  const world = new World();
  const bob = await world.client('bob@example.net/desk');
  await bob.omemo.start();
  bob.deaf();
  const others: Client[] = [];
  for (const jid of ['alice@example.org/phone', 'carol@example.org/phone']) others.push(await world.client(jid));
  for (const other of others) await other.omemo.start();
  await world.calm();
  for (let n = 0; n < messages; n++) await others[n % 2]?.say(bob.jid, `message ${n}`);
  await world.quiet();
  const archive = bob.received.splice(0).filter((stanza) => encryptedIn(stanza) !== undefined);
  expect(archive).toHaveLength(messages);
  return { world, bob, archive, texts: Array.from({ length: messages }, (_, n) => `message ${n}`) };
}

const copies = (stanzas: readonly Element[]) => stanzas.map((stanza) => copyOf(stanza));
const valuesOf = (outcomes: readonly PromiseSettledResult<ReceiveResult>[]) =>
  outcomes.map((outcome) => (outcome.status === 'fulfilled' ? textOf(outcome.value) : outcome.reason.code));

describe('messages of an archive, taken in together', () => {
  test('share a commit among thirty-two, and are read as one by one', async () => {
    const { bob, archive, texts } = await away(100);
    const before = bob.memory.snapshot();
    for (const stanza of archive) await bob.omemo.receive(copyOf(stanza), catchUp);
    const oneByOne = await bob.omemo.inbox();

    bob.memory.restore(before);
    const commits: PausePoint[] = [];
    const pause = (point: PausePoint) => {
      if (point.operation === 'commit' && point.when === 'before') commits.push(point);
    };
    const omemo = await Client.omemoOn(bob.connection, bob.memory, { store: bob.memory.open({ pause }) });
    expect(valuesOf(await omemo.receiveAll(copies(archive), catchUp))).toEqual(texts);
    expect(commits).toHaveLength(4);
    const without = (messages: readonly object[]) => messages.map((message) => ({ ...message, receivedAt: 0 }));
    expect(without(await omemo.inbox())).toEqual(without(oneByOne));
  });

  test('are copies the second time, which bring along what is not acknowledged', async () => {
    const { bob, archive, texts } = await away(40);
    await bob.omemo.receiveAll(copies(archive.slice(0, 20)), catchUp);
    const outcomes = await bob.omemo.receiveAll(copies([...archive, ...archive]), catchUp);
    const results = outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : outcome.reason));
    const shown = results.map((result) => textOf(result.type === 'duplicate' ? result.unacknowledged : result));
    expect(shown).toEqual([...texts, ...texts]);
    expect(results.map(({ type }) => type)).toEqual([
      ...Array.from({ length: 20 }, () => 'duplicate'),
      ...Array.from({ length: 20 }, () => 'message'),
      ...Array.from({ length: 40 }, () => 'duplicate'),
    ]);
  });

  test('are no matter of one that is forged, or that finds the inbox full and is read another time', async () => {
    const { bob, archive, texts } = await away(10);
    await bob.crash({ limits: { maxInbox: 6 } });
    const stanzas = copies(archive);
    const payload = encryptedIn(stanzas[2]!)?.getChild('payload');
    payload?.children.splice(0, 1, 'A'.repeat(64));
    const outcomes = await bob.omemo.receiveAll(stanzas, catchUp);
    expect(valuesOf(outcomes)).toEqual([
      ...[texts[0], texts[1], undefined, ...texts.slice(3, 7)],
      ...['inbox-full', 'inbox-full', 'inbox-full'],
    ]);
    expect(outcomes[2]).toMatchObject({ value: { type: 'failed' } });
    await bob.omemo.ack((await bob.omemo.inbox()).map(({ id }) => id));
    const again = await bob.omemo.receiveAll(copies([archive[2]!, ...archive.slice(7)]), catchUp);
    expect(valuesOf(again)).toEqual([texts[2], ...texts.slice(7)]);
  });

  test.each(['before', 'after'] as const)(
    'are all there, or to be read again, when the store fails %s their commit',
    async (when) => {
      const { bob, archive, texts } = await away(6);
      let failing = true;
      const pause = (point: PausePoint) => {
        if (!failing || point.operation !== 'commit' || point.when !== when) return;
        throw new StoreError('unavailable', 'no disk');
      };
      const omemo = await Client.omemoOn(bob.connection, bob.memory, { store: bob.memory.open({ pause }) });
      const outcomes = await omemo.receiveAll(copies(archive), catchUp);
      expect(valuesOf(outcomes)).toEqual(texts.map(() => 'unavailable'));
      failing = false;
      expect(await omemo.inbox()).toHaveLength(when === 'before' ? 0 : 6);
      const again = await omemo.receiveAll(copies(archive), catchUp);
      const types = again.map((outcome) => outcome.status === 'fulfilled' && outcome.value.type);
      expect(types).toEqual(texts.map(() => (when === 'before' ? 'message' : 'duplicate')));
      expect((await omemo.inbox()).map((message) => textOf(message))).toEqual(texts);
    },
  );

  test('and by another process at once are shown once each', async () => {
    const { bob, archive, texts } = await away(70);
    const other = await Client.omemoOn(bob.connection, bob.memory);
    const both = await Promise.all([
      bob.omemo.receiveAll(copies(archive), catchUp),
      other.receiveAll(copies(archive), catchUp),
    ]);
    const messages = both.flatMap((outcomes) => valuesOf(outcomes).filter((text) => text !== undefined));
    expect(messages.toSorted()).toEqual(texts.toSorted());
    expect((await other.inbox()).map((message) => textOf(message)).toSorted()).toEqual(texts.toSorted());
  });
});
