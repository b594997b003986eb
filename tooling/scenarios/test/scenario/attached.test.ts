import { textBody } from '@omemo-kit/omemo-core';
import { xml } from '@omemo-kit/transport-stanzas';
import { describe, expect, test } from 'vitest';
import { Attached, say } from '../../src/attached-client.ts';
import { World } from '../../src/world.ts';

describe('an attached Omemo', () => {
  const pair = async (world: World, options: Parameters<typeof Attached.to>[2] = {}) => {
    const alice = await Attached.to(world, 'alice@example.org/phone');
    const bob = await Attached.to(world, 'bob@example.net/desk', options);
    await Promise.all([alice.client.attached.ready, bob.client.attached.ready]);
    await world.server.settle();
    return { alice, bob };
  };

  /** The process ends as it is, and starts again on what its store holds, while nobody was there. */
  const restarted = async (world: World, one: Awaited<ReturnType<typeof Attached.to>>, meanwhile: () => unknown) => {
    await one.client.attached.close();
    one.connection.disconnect();
    await meanwhile();
    await world.server.settle();
    const again = await Attached.to(world, one.connection.jid, { memory: one.memory });
    return again;
  };

  const inboxEmpties = (client: Attached) => expect.poll(() => client.attached.omemo.inbox()).toEqual([]);

  test('announces itself, reads, and acknowledges what the application stored', async () => {
    const world = new World();
    const { alice, bob } = await pair(world);
    bob.client.listen();
    await say(alice.client, 'bob@example.net', 'hello');
    await world.server.settle();
    expect(bob.client.texts).toEqual(['hello']);
    await inboxEmpties(bob.client);
    expect([...alice.client.troubles, ...bob.client.troubles]).toEqual([]);
  });

  test('a message the application could not store comes again under the same id, after a restart too', async () => {
    const world = new World();
    const { alice, bob } = await pair(world);
    const tried: string[] = [];
    bob.client.listen(({ id }) => {
      tried.push(id);
      throw new RangeError('the disk is full');
    });
    await say(alice.client, 'bob@example.net', 'hello');
    await world.server.settle();
    await expect.poll(() => bob.client.troubles.map(({ step }) => step)).toEqual(['deliver']);
    bob.connection.disconnect();
    bob.connection.reconnect();
    await expect.poll(() => tried.length).toBe(2);
    const again = await restarted(world, bob, () => undefined);
    again.client.listen();
    await expect.poll(() => again.client.texts).toEqual(['hello']);
    expect(new Set([...tried, ...again.client.ids]).size).toBe(1);
    await inboxEmpties(again.client);
  });

  test('messages wait for the first listener', async () => {
    const world = new World();
    const { alice, bob } = await pair(world);
    for (const text of ['one', 'two']) await say(alice.client, 'bob@example.net', text);
    await world.server.settle();
    expect(await bob.client.attached.omemo.inbox()).toHaveLength(2);
    bob.client.listen();
    await expect.poll(() => bob.client.texts).toEqual(['one', 'two']);
  });

  test('after a restart the archive is read on where it was left, and what came live is not read again', async () => {
    const world = new World();
    const { alice, bob } = await pair(world);
    bob.client.listen();
    for (const text of ['one', 'two']) await say(alice.client, 'bob@example.net', text);
    await world.server.settle();
    const again = await restarted(world, bob, async () => {
      for (const text of ['three', 'four']) await say(alice.client, 'bob@example.net', text);
    });
    const caughtUp: number[] = [];
    again.client.attached.on('caught-up', ({ messages }) => void caughtUp.push(messages));
    again.client.listen();
    await again.client.attached.ready;
    await expect.poll(() => again.client.texts).toEqual(['three', 'four']);
    // The two, and the answer of its own to Alice's key exchange.
    expect(caughtUp).toEqual([3]);
    expect([...bob.client.texts]).toEqual(['one', 'two']);
  });

  test('a message that found the inbox full is read from the archive later, although others came after it', async () => {
    const world = new World();
    const { alice, bob } = await pair(world, { limits: { preKeys: 25, maxInbox: 1 } });
    for (const text of ['fills the inbox', 'too much']) await say(alice.client, 'bob@example.net', text);
    await world.server.settle();
    expect(bob.client.troubles).toMatchObject([{ step: 'receive', cause: { code: 'inbox-full' } }]);
    bob.client.listen();
    await inboxEmpties(bob.client);
    await say(alice.client, 'bob@example.net', 'after it');
    await world.server.settle();
    await expect.poll(() => bob.client.texts).toEqual(['fills the inbox', 'after it']);
    await inboxEmpties(bob.client);
    const again = await restarted(world, bob, () => undefined);
    again.client.listen();
    await expect.poll(() => again.client.texts).toEqual(['too much']);
  });

  test('what comes live while the archive is read is read after it, and once', async () => {
    const world = new World();
    const { alice, bob } = await pair(world);
    bob.client.listen();
    await say(alice.client, 'bob@example.net', 'before');
    await world.server.settle();
    const again = await restarted(world, bob, async () => {
      for (const text of ['one', 'two', 'three']) await say(alice.client, 'bob@example.net', text);
    });
    again.client.attached.on('caught-up', () => undefined);
    again.client.listen();
    // As soon as the archive is asked, another one comes by the stream, and into the archive as well.
    await say(alice.client, 'bob@example.net', 'four');
    await again.client.attached.ready;
    await world.server.settle();
    await expect.poll(() => again.client.texts).toEqual(['one', 'two', 'three', 'four']);
    expect(again.client.troubles).toEqual([]);
  });

  test('a lost connection costs nothing: messages both ways arrive with the next one', async () => {
    const world = new World();
    const { alice, bob } = await pair(world);
    alice.client.listen();
    bob.client.listen();
    await say(alice.client, 'bob@example.net', 'hello');
    await world.server.settle();
    await say(bob.client, 'alice@example.org', 'hi');
    await world.server.settle();
    bob.connection.disconnect();
    expect(await say(bob.client, 'alice@example.org', 'queued')).toMatchObject({ delivery: 'queued' });
    await say(alice.client, 'bob@example.net', 'while away');
    await world.server.settle();
    bob.connection.reconnect();
    await expect.poll(() => bob.client.texts).toEqual(['hello', 'while away']);
    await expect.poll(() => alice.client.texts).toEqual(['hi', 'queued']);
    await expect.poll(() => bob.client.attached.omemo.outbox()).toEqual([]);
  });

  test('pre-keys that archived key exchanges use stay until all archives are read (R111)', async () => {
    const world = new World();
    const { bob } = await pair(world);
    const strangers = ['carol@example.com/a', 'dave@example.com/b'];
    const clients: Attached[] = [];
    for (const jid of strangers) clients.push((await Attached.to(world, jid)).client);
    for (const client of clients) await client.attached.ready;
    await world.server.settle();
    const again = await restarted(world, bob, async () => {
      // Both take the same pre-key: the bundle shows no other.
      const bundles = 'urn:xmpp:omemo:2:bundles';
      const node = world.server.node('bob@example.net', bundles);
      for (const [id, payload] of node?.items ?? []) {
        const preKeys = payload.getChild('prekeys');
        if (preKeys) preKeys.children.splice(1);
        world.server.createNode({
          jid: 'bob@example.net',
          node: bundles,
          options: node!.options,
          items: [{ id, payload }],
        });
      }
      for (const client of clients) await say(client, 'bob@example.net', 'first');
    });
    again.client.listen();
    await expect.poll(() => again.client.texts).toEqual(['first', 'first']);
    expect(again.client.troubles).toEqual([]);
  });

  test('once it is ready an opt-out that waited in the archive is known, and sending refused (R98)', async () => {
    const world = new World();
    const { alice, bob } = await pair(world);
    alice.client.listen();
    await say(alice.client, 'bob@example.net', 'hello');
    await say(bob.client, 'alice@example.org', 'hi');
    await world.server.settle();
    const again = await restarted(world, alice, () =>
      bob.client.attached.omemo.optOut.send({ to: 'alice@example.org' }),
    );
    await again.client.attached.ready;
    await expect(say(again.client, 'bob@example.net', 'too late')).rejects.toMatchObject({ code: 'opted-out' });
  });

  test('a step that the server refuses is told, and the others are done', async () => {
    const world = new World();
    world.server.faults.fail(
      { direction: 'to-server', matches: (stanza) => stanza.getChild('enable', 'urn:xmpp:carbons:2') !== undefined },
      { condition: 'feature-not-implemented' },
    );
    const { client } = await Attached.to(world, 'alice@example.org/phone');
    await client.attached.ready;
    expect(client.troubles).toMatchObject([{ step: 'carbons', cause: { condition: 'feature-not-implemented' } }]);
    expect(await client.attached.omemo.devices()).toMatchObject([{ current: true, listed: true }]);
  });

  test('an archive result that nobody asked for is no message (S50)', async () => {
    const world = new World();
    const { alice, bob } = await pair(world);
    bob.client.listen();
    const { stanza } = await alice.client.attached.omemo.encrypt({ to: 'bob@example.net', content: [textBody('hi')] });
    stanza.attrs['from'] = 'alice@example.org/phone';
    const mallory = world.server.connect('mallory@example.org/x');
    const wrapped = xml('forwarded', { xmlns: 'urn:xmpp:forward:0' }, stanza);
    await mallory.send(
      xml(
        'message',
        { to: bob.connection.jid },
        xml('result', { xmlns: 'urn:xmpp:mam:2', queryid: 'guess', id: '1' }, wrapped),
      ),
    );
    await world.server.settle();
    expect(await bob.client.attached.omemo.inbox()).toEqual([]);
  });

  test('results of a query of the application are its own business (S50)', async () => {
    const world = new World();
    const { alice, bob } = await pair(world);
    const told: string[] = [];
    bob.client.attached.on('other', ({ stanza, delivery }) => {
      if (stanza.is('message')) told.push(delivery);
    });
    const body = textBody('in the clear');
    await alice.connection.send(xml('message', { to: 'bob@example.net', type: 'chat' }, body));
    await world.server.settle();
    const results: string[] = [];
    bob.connection.onStanza((stanza) => results.push(stanza.getChild('result', 'urn:xmpp:mam:2')?.attrs['queryid']));
    const query = xml('query', { xmlns: 'urn:xmpp:mam:2', queryid: 'of the application' });
    await bob.connection.request(xml('iq', { type: 'set' }, query));
    await world.server.settle();
    expect(results).toEqual(['of the application']);
    expect(told).toEqual(['live']);
  });

  test('answers what it is asked about itself, and encrypted requests', async () => {
    const world = new World();
    const { alice, bob } = await pair(world);
    const info = xml('query', { xmlns: 'http://jabber.org/protocol/disco#info' });
    const answer = await alice.connection.request(xml('iq', { type: 'get', to: bob.connection.jid }, info));
    const features = answer
      .getChild('query')
      ?.getChildren('feature')
      .map(({ attrs }) => attrs['var']);
    expect(features).toContain('urn:xmpp:omemo:2:devices+notify');
    const content = xml('ask', { xmlns: 'urn:example:secret' });
    const request = { to: bob.connection.jid, type: 'get' as const, content };
    await expect(alice.client.attached.omemo.iq.request(request)).rejects.toMatchObject({ name: 'TransportError' });
    const { omemo } = bob.client.attached;
    bob.client.attached.on('request', (asked) =>
      omemo.iq.answer(asked, { content: xml('told', { xmlns: 'urn:example:secret' }) }),
    );
    const told = await alice.client.attached.omemo.iq.request(request);
    expect(told).toMatchObject({ content: { name: 'told' } });
    expect(world.server.log.some(({ stanza }) => stanza.toString().includes('urn:example:secret'))).toBe(false);
  });
});
