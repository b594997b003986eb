import { LoopbackServer } from '@omemo-kit/loopback';
import { manualTrust, Omemo, type OmemoOptions, type Transport, textBody, textOf } from '@omemo-kit/omemo-core';
import { createElement } from '@omemo-kit/omemo-wire';
import { MemoryStore } from '@omemo-kit/storage-memory';
import { describe, expect, test, vi } from 'vitest';
import { World } from '../../src/world.ts';

const never = () => new Promise<never>(() => {});
/** A connection that takes everything and answers nothing, and looks at no signal. */
const silent: Transport = {
  publish: never,
  fetch: never,
  configure: never,
  retract: never,
  request: never,
  send: never,
};

function open(options: Partial<OmemoOptions> = {}) {
  return Omemo.open({
    jid: 'alice@example.org',
    store: new MemoryStore(),
    transport: silent,
    trust: manualTrust,
    ...options,
  });
}

describe('a server that never answers', () => {
  test('does not keep an Omemo from closing while upkeep waits for it', async () => {
    const { transport } = new LoopbackServer().connect('alice@example.org/phone');
    let asked = 0;
    const fallingSilent: Transport = {
      publish: (request, signal) => transport.publish(request, signal),
      fetch: (request, signal) => transport.fetch(request, signal),
      configure: (request, signal) => transport.configure(request, signal),
      request: (iq, signal) => transport.request(iq, signal),
      retract: (request, signal) => transport.retract(request, signal),
      send: (stanza, signal) => transport.send(stanza, signal),
    };
    const omemo = await open({ transport: fallingSilent });
    await omemo.start();
    fallingSilent.publish = () => {
      asked += 1;
      return never();
    };
    await omemo.rotateSignedPreKey(); // upkeep begins to publish
    await vi.waitUntil(() => asked > 0);
    await omemo.close();
    await expect(omemo.inbox()).rejects.toMatchObject({ code: 'closed' });
  });

  test('does not keep a call from ending when its signal says so', async () => {
    const omemo = await open({ upkeep: 'manual' });
    const giveUp = new AbortController();
    const starting = omemo.start(giveUp.signal);
    giveUp.abort();
    await expect(starting).rejects.toMatchObject({ code: 'aborted' });
  });
});

test('an account that had no OMEMO is asked again with the next message', async () => {
  const world = new World();
  const alice = await world.client('alice@example.org/phone');
  const bob = await world.client('bob@example.net/desk');
  world.server.unsubscribe('alice@example.org', 'bob@example.net');
  world.server.unsubscribe('bob@example.net', 'alice@example.org');
  await alice.omemo.start();
  await expect(alice.say(bob.jid, 'hello')).rejects.toMatchObject({ code: 'no-devices' });
  await bob.omemo.start();
  await alice.say(bob.jid, 'hello again');
  await world.calm();
  expect(bob.texts).toEqual(['hello again']);
});

test('elements beside the encrypted one are sent in the clear, and again with a resend', async () => {
  const world = new World();
  const [alice, bob] = await world.acquainted();
  alice.connection.disconnect();
  const beside = [createElement('origin-id', { xmlns: 'urn:xmpp:sid:0', id: 'o1' })];
  const sent = await alice.omemo.send({ to: bob.jid, content: [textBody('hello')], beside });
  expect(sent.delivery).toBe('queued');
  alice.connection.reconnect();
  await alice.omemo.start();
  await world.calm();
  const received = bob.received.find((stanza) => stanza.attrs['id'] === sent.id);
  expect(received?.getChild('origin-id', 'urn:xmpp:sid:0')?.attrs['id']).toBe('o1');
  expect(bob.results.flatMap((result) => (result.type === 'message' ? [textOf(result.envelope)] : []))).toEqual([
    'hello',
  ]);
});

describe('a result says which stanza it was', () => {
  test('and that it was a carbon copy, and for whom', async () => {
    const world = new World();
    const [phone, laptop, bob] = await world.started(
      'alice@example.org/phone',
      'alice@example.org/laptop',
      'bob@example.net/desk',
    );
    await phone.say(bob.jid, 'hello', 'm1');
    await world.calm();
    const copy = laptop.results.find(({ type }) => type === 'message');
    expect(copy).toMatchObject({ stanza: { via: 'carbon', id: 'm1', to: bob.jid, type: 'chat' } });
    const direct = bob.results.find(({ type }) => type === 'message');
    expect(direct).toMatchObject({ stanza: { via: 'direct', id: 'm1' } });
  });

  test('also when it cannot be read', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    const { stanza } = await alice.omemo.encrypt({ to: bob.jid, content: [textBody('hello')], id: 'm2' });
    stanza.attrs['from'] = alice.connection.jid;
    const encrypted = stanza.getChild('encrypted')!;
    encrypted.remove(encrypted.getChild('payload')!);
    expect(await bob.omemo.receive(stanza)).toMatchObject({
      type: 'failed',
      code: 'payload-missing',
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
      stanza: { via: 'direct', id: 'm2', from: alice.connection.jid },
    });
  });
});

describe('a wrong argument is refused as invalid-argument', () => {
  const wrong = { code: 'invalid-argument' };

  test.each(['not a jid@@', 'a@b/resource', ''])('the JID %j', async (jid) => {
    await expect(open({ jid })).rejects.toMatchObject(wrong);
    const omemo = await open({ upkeep: 'manual' });
    await expect(omemo.send({ to: jid, content: [textBody('x')] })).rejects.toMatchObject(wrong);
    await expect(omemo.devices(jid)).rejects.toMatchObject(wrong);
  });

  test('no trust policy', async () => {
    await expect(open({ trust: undefined as never })).rejects.toMatchObject(wrong);
  });

  test('content that is one element, or no element, or too large', async () => {
    const omemo = await open({ upkeep: 'manual' });
    for (const content of [textBody('x'), ['x'], [textBody('x'.repeat(300_000))]]) {
      await expect(omemo.encrypt({ to: 'bob@example.net', content: content as never })).rejects.toMatchObject(wrong);
    }
  });

  test('nothing at all, where there is to be a message, its text, a request, a decision or ids', async () => {
    const omemo = await open({ upkeep: 'manual' });
    const nothing = undefined as never;
    const calls: Record<string, () => Promise<unknown>> = {
      encrypt: () => omemo.encrypt(nothing),
      send: () => omemo.send(nothing),
      'without content': () => omemo.send({ to: 'bob@example.net' } as never),
      'in a room': () => omemo.rooms.room('tea@muc.example.org').send(nothing),
      'opt-out': () => omemo.optOut.send(nothing),
      iq: () => omemo.iq.request(nothing),
      setTrust: () => omemo.setTrust(nothing),
      setTrustPolicy: () => omemo.setTrustPolicy(nothing),
      ...Object.fromEntries(
        (['audience', 'encryptPayload', 'sent', 'discard', 'resend', 'ack'] as const).map((name) => [
          name,
          () => omemo[name](nothing, nothing),
        ]),
      ),
    };
    const refusals = Object.entries(calls).map(async ([name, call]) => [
      name,
      await call().catch((error) => error.code),
    ]);
    expect(Object.fromEntries(await Promise.all(refusals))).toEqual(
      Object.fromEntries(Object.keys(calls).map((name) => [name, 'invalid-argument'])),
    );
    for (const text of [undefined, null, 5])
      expect(() => textBody(text as never)).toThrow(expect.objectContaining(wrong));
  });

  test('a stanza that is text', async () => {
    const omemo = await open({ upkeep: 'manual' });
    await expect(omemo.receive('<message/>' as never)).rejects.toMatchObject(wrong);
  });

  test('nobody to encrypt to', async () => {
    const world = new World();
    const [alice] = await world.pair();
    await expect(alice.omemo.encryptPayload([], new Uint8Array(1))).rejects.toMatchObject({ code: 'no-devices' });
  });
});
