import { isOmemoError, manualTrust, type OptOutEvent, type OptOutState } from '@omemo-kit/omemo-core';
import { optOutRecord, recordKeys } from '@omemo-kit/omemo-core/records';
import { NS_OMEMO, serializeEnvelope } from '@omemo-kit/omemo-wire';
import { Element } from 'ltx';
import { describe, expect, test } from 'vitest';
import type { Client } from '../../src/client.ts';
import { body, carbon, copyOf, encryptedIn, incoming } from '../../src/stanzas.ts';
import { World } from '../../src/world.ts';

const REASON = 'Sorry, but for compliance reasons I need a permanent, server-side record of our conversation.';

function optOut(reason?: string): Element {
  const element = new Element('opt-out', { xmlns: NS_OMEMO });
  if (reason !== undefined) element.c('reason').t(reason);
  return element;
}

const encryptedStanzas = (client: Client) => client.received.filter((stanza) => encryptedIn(stanza));

/** What a client is told of opt-outs, from here on. */
function told(client: Client): OptOutEvent[] {
  const events: OptOutEvent[] = [];
  client.omemo.on('opt-out', (event) => events.push(event));
  return events;
}

/** An envelope with affixes of the test's choice, from one client to another, as the server delivers it. */
async function written(from: Client, to: Client, envelope: Partial<Parameters<typeof serializeEnvelope>[0]>) {
  const plaintext = serializeEnvelope({ content: [optOut()], padding: '', ...envelope });
  const { encrypted } = await from.omemo.encryptPayload([to.jid], plaintext);
  return incoming(from.connection.jid, to.jid, encrypted);
}

describe('an opt-out', () => {
  test('goes to all devices of the contact, and to our other ones, inside the envelope (R95, R96)', async () => {
    const world = new World();
    const [phone, laptop, desk, tablet] = await world.started(
      'alice@example.org/phone',
      'alice@example.org/laptop',
      'bob@example.net/desk',
      'bob@example.net/tablet',
    );
    await phone.say(desk.jid, 'hello');
    await world.calm();
    const { devices } = await phone.omemo.optOut.send({ to: desk.jid, reason: REASON });
    await world.calm();
    expect(devices.map(({ deviceId }) => deviceId).sort()).toEqual(
      [laptop, desk, tablet].map(({ omemo }) => omemo.deviceId).sort(),
    );
    const stanza = encryptedStanzas(desk).at(-1)!;
    expect(stanza.toString()).not.toContain('opt-out');
    expect(stanza.toString()).not.toContain('compliance');
    for (const client of [desk, tablet]) {
      const read = client.results.filter((result) => result.type === 'message').at(-1);
      expect(read).toMatchObject({ type: 'message', optOut: { reason: REASON } });
      expect(read!.envelope!.content.map((element) => `${element.name} ${element.getNS()}`)).toEqual([
        'opt-out urn:xmpp:omemo:2',
      ]);
      expect(read!.envelope).toMatchObject({ from: phone.jid, to: desk.jid });
    }
  });

  test('is told, by event and message, and remembered with who wrote it and why (R97)', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    const events = told(bob);
    await alice.omemo.optOut.send({ to: bob.jid, reason: REASON });
    await world.quiet();
    const request = { jid: alice.jid, deviceId: alice.omemo.deviceId, reason: REASON, receivedAt: expect.any(Number) };
    const state: OptOutState = { jid: alice.jid, confirmed: false, requests: [request] };
    expect(events).toEqual([{ jid: alice.jid, change: 'asked', by: request, state }]);
    expect(bob.results).toMatchObject([{ type: 'message', optOut: { reason: REASON } }]);
    await bob.crash();
    expect(await bob.omemo.optOut.of(alice.jid)).toEqual(state);
    expect(await bob.omemo.optOut.list()).toEqual([state]);
    // Until it is acknowledged, also by the inbox.
    expect(await bob.omemo.inbox()).toMatchObject([{ optOut: { reason: REASON } }]);
  });

  test('counts although its device has left the list since: who goes on in plain text may give OMEMO up (R98, R119)', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    const [spare] = await world.started('alice@example.org/spare');
    const stanza = await written(alice, bob, { from: alice.jid, to: bob.jid });
    await alice.omemo.account.deactivate();
    await world.calm();
    await bob.omemo.devices(alice.jid, { refresh: 'always' });
    const read = await bob.omemo.receive(stanza);
    expect(read).toMatchObject({ type: 'message', optOut: {}, sender: { listed: false, trust: 'trusted' } });
    expect((await bob.omemo.devices(alice.jid)).filter(({ listed }) => listed)).toMatchObject([
      { deviceId: spare.omemo.deviceId },
    ]);
    await expect(bob.say(alice.jid, 'secret')).rejects.toMatchObject({
      code: 'opted-out',
      details: { confirmed: false, requests: [{ deviceId: alice.omemo.deviceId }] },
    });
  });

  test('blocks every message to that contact until the user agrees, also after a crash (R98, X44)', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    const carol = await world.client('carol@example.org/x');
    await carol.omemo.start();
    await world.calm();
    await alice.omemo.optOut.send({ to: bob.jid, reason: REASON });
    await world.quiet();
    await bob.crash();
    const before = bob.memory.snapshot();
    const content = [body('a secret')];
    const calls = [
      () => bob.omemo.send({ to: alice.jid, content }),
      () => bob.omemo.encrypt({ to: alice.jid, content }),
      () => bob.omemo.encryptPayload([alice.jid], new Uint8Array(1)),
      () => bob.omemo.iq.request({ to: alice.connection.jid, type: 'get', content: content[0]! }),
    ];
    for (const call of calls) {
      const error = await call().catch((failed) => failed);
      expect(isOmemoError(error, 'opted-out')).toBe(true);
      expect(error.details).toMatchObject({
        ...{ jid: alice.jid, confirmed: false },
        requests: [{ jid: alice.jid, deviceId: alice.omemo.deviceId, reason: REASON }],
      });
    }
    // Nothing was spent, and nothing waits to be sent.
    expect(bob.memory.snapshot()).toEqual(before);
    // Nobody else is concerned.
    await bob.say(carol.jid, 'to somebody else');
    await world.calm();
    expect(carol.texts).toEqual(['to somebody else']);
  });

  test('is kept as it is by upkeep: empty messages go on (R99)', async () => {
    const world = new World();
    const [alice, bob] = await world.pair();
    await alice.omemo.optOut.send({ to: bob.jid });
    await world.quiet();
    expect(bob.results.at(-1)).toMatchObject({ type: 'message', optOut: {} });
    // The key exchange that came with it is answered.
    expect(await bob.omemo.settle()).toEqual([]);
    await world.quiet();
    expect(alice.types.filter((type) => type === 'empty')).toHaveLength(1);
  });

  test('agreed to leaves OMEMO off, and says so to who sends all the same (R98)', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    await alice.omemo.optOut.send({ to: bob.jid });
    await world.quiet();
    expect(await bob.omemo.optOut.confirm(alice.jid)).toMatchObject({ confirmed: true });
    await bob.crash();
    const refused = expect(bob.say(alice.jid, 'x')).rejects;
    await refused.toMatchObject({ code: 'opted-out', details: { confirmed: true } });
  });

  test('of ours keeps ourselves from OMEMO until we resume, and leaves the sessions alone (R99, R100)', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    await alice.omemo.optOut.send({ to: bob.jid, reason: REASON });
    await world.quiet();
    await expect(alice.say(bob.jid, 'x')).rejects.toMatchObject({
      code: 'opted-out',
      details: { confirmed: true, requests: [{ jid: alice.jid, deviceId: alice.omemo.deviceId, reason: REASON }] },
    });
    await alice.omemo.optOut.resume(bob.jid);
    const events = told(bob);
    await alice.say(bob.jid, 'encrypted again');
    await world.quiet();
    expect(bob.texts.at(-1)).toBe('encrypted again');
    // No session was started for it: it is the one from before.
    expect(world.keys(alice, bob).at(-1)).toMatchObject({ keyExchange: false });
    // To Bob that message says that Alice is back.
    expect(events).toMatchObject([{ jid: alice.jid, change: 'ended', state: undefined }]);
    expect(await bob.omemo.optOut.of(alice.jid)).toBeUndefined();
    await bob.say(alice.jid, 'so am I');
    await world.calm();
    expect(alice.texts).toEqual(['so am I']);
  });

  test('can be turned down: we resume, whatever was asked (R100)', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    await alice.omemo.optOut.send({ to: bob.jid });
    await world.quiet();
    await bob.omemo.optOut.resume(alice.jid);
    await bob.say(alice.jid, 'I would rather not');
    await world.quiet();
    expect(alice.texts).toEqual(['I would rather not']);
    // Alice meant it, and is not overruled.
    expect(await alice.omemo.optOut.of(bob.jid)).toMatchObject({ confirmed: true });
  });

  test('that ended meanwhile cannot be agreed to, so that nothing goes out in plain text by mistake (R98, R100)', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    await alice.omemo.optOut.send({ to: bob.jid });
    await alice.omemo.optOut.resume(bob.jid);
    await alice.say(bob.jid, 'never mind');
    await world.quiet();
    await expect(bob.omemo.optOut.confirm(alice.jid)).rejects.toMatchObject({ code: 'not-opted-out' });
  });
});

describe('a forged opt-out', () => {
  test('outside of the envelope is not looked at (S61)', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    bob.deaf();
    await alice.say(bob.jid, 'hello');
    await world.quiet();
    const stanza = copyOf(encryptedStanzas(bob)[0]!);
    stanza.cnode(optOut('beside it'));
    encryptedIn(stanza)!.cnode(optOut('in it'));
    encryptedIn(stanza)!.getChild('header')!.cnode(optOut('in its header'));
    const plain = new Element('message', { xmlns: 'jabber:client', type: 'chat', from: alice.jid, to: bob.jid });
    plain.cnode(optOut('in plain text'));
    expect(await bob.omemo.receive(stanza)).toMatchObject({ type: 'message', optOut: undefined });
    expect(await bob.omemo.receive(plain)).toEqual({ type: 'ignored' });
    expect(await bob.omemo.optOut.of(alice.jid)).toBeUndefined();
    await bob.say(alice.jid, 'not blocked');
  });

  test.each(['undecided', 'distrusted'] as const)(
    'of a device that is %s has no effect, and is told (S61, X44)',
    async (level) => {
      const world = new World();
      const alice = await world.client('alice@example.org/phone');
      const bob = await world.client('bob@example.net/desk', { trust: manualTrust });
      for (const client of [alice, bob]) await client.omemo.start();
      await world.calm();
      if (level === 'distrusted') {
        await bob.omemo.setTrust({ jid: alice.jid, identityKey: alice.omemo.identityKey, level });
      }
      const events = told(bob);
      await alice.omemo.optOut.send({ to: bob.jid, reason: REASON });
      await world.quiet();
      const result = bob.results.at(-1);
      expect(result).toMatchObject({ type: 'rejected', reason: 'untrusted-opt-out', sender: { trust: level } });
      expect(await bob.omemo.inbox()).toEqual([result]);
      expect(events).toEqual([]);
      expect(await bob.omemo.optOut.of(alice.jid)).toBeUndefined();
      await bob.omemo.setTrust({ jid: alice.jid, identityKey: alice.omemo.identityKey, level: 'verified' });
      await bob.say(alice.jid, 'not blocked');
    },
  );

  test('of somebody else does not count for the contact: the session says whose it is (S37)', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    const [mallory] = [await world.client('mallory@example.com/x')];
    await mallory.omemo.start();
    await world.calm();
    const stanza = await written(mallory, bob, { from: alice.jid });
    expect(await bob.omemo.receive(stanza)).toMatchObject({ type: 'rejected', reason: 'from-mismatch' });
    expect(await bob.omemo.optOut.list()).toEqual([]);
  });
});

describe('which wish holds', () => {
  const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second));

  test('without affixes, as in listing 8, it counts as well (X03)', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    expect(await bob.omemo.receive(await written(alice, bob, {}))).toMatchObject({ type: 'message', optOut: {} });
    expect(await bob.omemo.optOut.of(alice.jid)).toMatchObject({ confirmed: false });
    // The device's next message in its session ends it.
    expect(await bob.omemo.receive(await written(alice, bob, { content: [body('x')] }))).toMatchObject({
      type: 'message',
    });
    expect(await bob.omemo.optOut.of(alice.jid)).toBeUndefined();
  });

  test('at a time before all clocks it counts as well, and blocks', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    const time = new Date(0);
    time.setUTCFullYear(1);
    expect(await bob.omemo.receive(await written(alice, bob, { time }))).toMatchObject({ type: 'message', optOut: {} });
    expect(await bob.omemo.optOut.of(alice.jid)).toMatchObject({ confirmed: false });
  });

  test('a message from before it, that comes late, does not end it', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    const late = await written(alice, bob, { content: [body('late')] });
    const asked = await written(alice, bob, {});
    await bob.omemo.receive(asked);
    expect(await bob.omemo.receive(late)).toMatchObject({ type: 'message', order: 'late' });
    expect(await bob.omemo.optOut.of(alice.jid)).toMatchObject({ confirmed: false });
  });

  test('an older one, that comes late, does not take the place of what came after it', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    const old = await written(alice, bob, { content: [optOut('old')], time: at(1) });
    const now = await written(alice, bob, { content: [optOut('new')], time: at(2) });
    await bob.omemo.receive(now);
    await bob.omemo.receive(old);
    expect((await bob.omemo.optOut.of(alice.jid))!.requests).toMatchObject([{ reason: 'new' }]);
  });

  test('another device of the account ends it by what it writes later, by the clock, and by nothing else', async () => {
    const world = new World();
    const [phone, laptop, bob] = await world.started(
      'alice@example.org/phone',
      'alice@example.org/laptop',
      'bob@example.net/desk',
    );
    await bob.omemo.receive(await written(phone, bob, { time: at(10) }));
    for (const time of [undefined, at(9), at(10)]) {
      const content = [body('from the laptop')];
      await bob.omemo.receive(await written(laptop, bob, { content, ...(time === undefined ? {} : { time }) }));
      expect(await bob.omemo.optOut.of(phone.jid)).toMatchObject({ confirmed: false });
    }
    await bob.omemo.receive(await written(laptop, bob, { content: [body('back')], time: at(11) }));
    expect(await bob.omemo.optOut.of(phone.jid)).toBeUndefined();
  });

  test('an empty message or an encrypted IQ does not end it: clients send them by themselves', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    await alice.omemo.optOut.send({ to: bob.jid });
    await world.quiet();
    const empty = await alice.omemo.encryptEmpty({ jid: bob.jid, deviceId: bob.omemo.deviceId });
    expect(await bob.omemo.receive(incoming(alice.jid, bob.jid, empty))).toMatchObject({ type: 'empty' });
    await alice.omemo.optOut.resume(bob.jid);
    const iq = await written(alice, bob, { content: [new Element('q', { xmlns: 'urn:example:q' })] });
    iq.name = 'iq';
    iq.attrs['type'] = 'get';
    expect(await bob.omemo.receive(iq)).toMatchObject({ type: 'request' });
    expect(await bob.omemo.optOut.of(alice.jid)).toMatchObject({ confirmed: false });
  });

  test('agreed to, a second one of the contact asks for nothing new', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    await bob.omemo.receive(await written(alice, bob, {}));
    await bob.omemo.optOut.confirm(alice.jid);
    await bob.omemo.receive(await written(alice, bob, { content: [optOut('again')] }));
    expect(await bob.omemo.optOut.of(alice.jid)).toMatchObject({ confirmed: true, requests: [{ reason: 'again' }] });
  });
});

describe('another device of our own account', () => {
  async function threeDevices() {
    const world = new World();
    const [phone, laptop, bob] = await world.started(
      'alice@example.org/phone',
      'alice@example.org/laptop',
      'bob@example.net/desk',
    );
    await phone.say(bob.jid, 'hello');
    await world.calm();
    return { world, phone, laptop, bob };
  }

  test('that opted out blocks this one too, by its carbon copy, until the user agrees here (S50, X44)', async () => {
    const { world, phone, laptop, bob } = await threeDevices();
    const events = told(laptop);
    await phone.omemo.optOut.send({ to: bob.jid, reason: REASON });
    await world.quiet();
    expect(events).toMatchObject([{ jid: bob.jid, change: 'asked', by: { jid: phone.jid, reason: REASON } }]);
    await expect(laptop.say(bob.jid, 'x')).rejects.toMatchObject({
      code: 'opted-out',
      details: { jid: bob.jid, confirmed: false, requests: [{ jid: phone.jid, deviceId: phone.omemo.deviceId }] },
    });
    // Both come back with what the phone writes then.
    await phone.omemo.optOut.resume(bob.jid);
    await phone.say(bob.jid, 'back');
    await world.quiet();
    expect(await laptop.omemo.optOut.list()).toEqual([]);
    await laptop.say(bob.jid, 'and here');
  });

  test('reads a copy of what the contact wrote to the other one alone, and is blocked by it (S50)', async () => {
    const { phone, laptop, bob } = await threeDevices();
    const stanza = await written(bob, phone, { to: phone.jid });
    stanza.attrs['to'] = phone.connection.jid;
    const forged = carbon(phone.jid, 'received', stanza);
    forged.attrs['from'] = 'mallory@example.com';
    expect(await laptop.omemo.receive(forged)).toMatchObject({ type: 'invalid', cause: { code: 'forged-forward' } });
    expect(await laptop.omemo.optOut.list()).toEqual([]);
    await laptop.omemo.receive(carbon(phone.jid, 'received', stanza));
    expect(await laptop.omemo.optOut.of(bob.jid)).toMatchObject({ confirmed: false });
  });

  test('whose copy does not say inside whom it was written to has no effect: a server could turn it (X03)', async () => {
    const { phone, laptop, bob } = await threeDevices();
    const stanza = await written(phone, bob, {});
    const result = await laptop.omemo.receive(carbon(phone.jid, 'sent', stanza));
    expect(result).toMatchObject({ type: 'rejected', reason: 'to-missing' });
    const turned = await written(phone, bob, { to: bob.jid });
    turned.attrs['to'] = 'carol@example.org';
    expect(await laptop.omemo.receive(carbon(phone.jid, 'sent', turned))).toMatchObject({
      type: 'rejected',
      reason: 'to-mismatch',
    });
    expect(await laptop.omemo.optOut.list()).toEqual([]);
  });
});

describe('in a room', () => {
  test('it is of the room, and not of the member who wrote it (X44)', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    const room = 'room@muc.example.org';
    const stanza = await written(alice, bob, { to: room });
    Object.assign(stanza.attrs, { type: 'groupchat', from: `${room}/alice` });
    expect(await bob.omemo.receive(stanza, { sender: alice.jid })).toMatchObject({ type: 'message', optOut: {} });
    expect(await bob.omemo.optOut.list()).toMatchObject([{ jid: room, requests: [{ jid: alice.jid }] }]);
    await bob.say(alice.jid, 'a private word');
    await world.quiet();
    expect(alice.texts).toEqual(['a private word']);
  });

  test('members beyond the limit are remembered no more, oldest first, and the room stays blocked', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    const carol = await world.client('carol@example.org/x');
    await carol.omemo.start();
    await world.calm();
    await bob.crash({ limits: { maxOptOuts: 1, optOutReason: 3 } });
    const room = 'room@muc.example.org';
    for (const member of [alice, carol]) {
      const stanza = await written(member, bob, { to: room, content: [optOut('😀😀😀😀')] });
      Object.assign(stanza.attrs, { type: 'groupchat', from: `${room}/nick` });
      await bob.omemo.receive(stanza, { sender: member.jid });
    }
    expect(await bob.omemo.optOut.of(room)).toMatchObject({ requests: [{ jid: carol.jid, reason: '😀😀😀' }] });
  });
});

test('no opt-out that another process stores at the same moment is passed by (R98)', async () => {
  const world = new World();
  const [alice, bob] = await world.acquainted();
  const tab = await Promise.resolve(bob.memory.open());
  const key = recordKeys(bob.jid).optOut(alice.jid);
  const request = { from: alice.jid, deviceId: 1, reason: undefined, receivedAt: 1, sentAt: undefined };
  const value = optOutRecord.encode({ jid: alice.jid, requests: [request], confirmed: false });
  // Between loading and committing of the first attempt the other tab writes.
  const store = bob.memory.open();
  let written = false;
  await bob.crash({
    store: {
      get: (keys) => store.get(keys),
      list: (prefix) => store.list(prefix),
      close: () => store.close(),
      async commit(batch) {
        if (!written && batch.put.some(({ key: name }) => name.includes('/outbox/'))) {
          written = true;
          const id = new Uint8Array(16).fill(7);
          await tab.commit({ id, expect: [], put: [{ key, value, version: optOutRecord.version }], remove: [] });
        }
        await store.commit(batch);
      },
    },
  });
  await expect(bob.say(alice.jid, 'x')).rejects.toMatchObject({ code: 'opted-out' });
  expect(written).toBe(true);
  expect(await bob.omemo.outbox()).toEqual([]);
});

describe('calls that are wrong', () => {
  test('are invalid-argument, and spend nothing', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    const before = alice.memory.snapshot();
    const { optOut } = alice.omemo;
    for (const call of [
      () => optOut.send({ to: alice.jid }),
      () => optOut.send({ to: 'x/y' }),
      () => optOut.send({ to: bob.jid, reason: '\u0000' }),
      () => optOut.of('@'),
      () => optOut.resume('a b'),
    ]) {
      await expect(call()).rejects.toMatchObject({ code: 'invalid-argument' });
    }
    await expect(optOut.confirm(bob.jid)).rejects.toMatchObject({ code: 'not-opted-out' });
    await optOut.resume(bob.jid);
    expect(alice.memory.snapshot()).toEqual(before);
  });

  test('that could not be released are taken back: OMEMO goes on', async () => {
    const world = new World();
    let failing = false;
    const rollbackCounter = {
      read: async () => undefined,
      raise: async () => {
        if (failing) throw new TypeError('the keychain is locked');
      },
    };
    const alice = await world.client('alice@example.org/phone', { rollbackCounter });
    const bob = await world.client('bob@example.net/desk');
    for (const client of [alice, bob]) await client.omemo.start();
    await world.calm();
    for (const asked of [false, true]) {
      if (asked) await alice.omemo.receive(await written(bob, alice, {}));
      const before = await alice.omemo.optOut.list();
      failing = true;
      const sent = alice.omemo.optOut.send({ to: bob.jid });
      await expect(sent).rejects.toMatchObject({ code: 'witness-unavailable' });
      failing = false;
      expect(await alice.omemo.optOut.list()).toEqual(before);
      expect(before).toHaveLength(asked ? 1 : 0);
      expect(await alice.omemo.outbox()).toEqual([]);
    }
  });

  test('of a device that is not trusted yet waits, and is not remembered as sent (R124)', async () => {
    const world = new World();
    const alice = await world.client('alice@example.org/phone', { trust: manualTrust });
    const bob = await world.client('bob@example.net/desk');
    for (const client of [alice, bob]) await client.omemo.start();
    await world.calm();
    await expect(alice.omemo.optOut.send({ to: bob.jid })).rejects.toMatchObject({ code: 'undecided-devices' });
    expect(await alice.omemo.optOut.list()).toEqual([]);
  });
});
