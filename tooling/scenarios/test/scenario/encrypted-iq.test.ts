import {
  isOmemoError,
  manualTrust,
  type OutgoingAnswer,
  type ReadRequest,
  TransportError,
  trustOnFirstUse,
} from '@omemo-kit/omemo-core';
import { NS_OMEMO, serializeEnvelope } from '@omemo-kit/omemo-wire';
import { Element, parse } from 'ltx';
import { describe, expect, test } from 'vitest';
import type { Client } from '../../src/client.ts';
import { ROOM, RoomScene } from '../../src/room-scene.ts';
import { body, carbon, copyOf, encryptedIn, incoming, keyElements, setText } from '../../src/stanzas.ts';
import { World } from '../../src/world.ts';

const query = (text = 'what is it?') => new Element('query', { xmlns: 'urn:example:secret' }).t(text);
const isRequest = (stanza: Element) => stanza.is('iq') && ['get', 'set'].includes(stanza.attrs['type']);

/** Answers every request it reads. */
function answering(client: Client, answer: (request: ReadRequest) => OutgoingAnswer): ReadRequest[] {
  const requests: ReadRequest[] = [];
  client.deaf();
  client.connection.onStanza(async (stanza) => {
    const result = await client.omemo.receive(stanza);
    if (result.type === 'request') {
      requests.push(result);
      await client.omemo.iq.answer(result, answer(result));
    } else if (isRequest(stanza)) await client.omemo.iq.refuse(result as Parameters<typeof client.omemo.iq.refuse>[0]);
  });
  return requests;
}

/** What a client put on its connection from here on, as text parsed again. */
function sentBy(world: World, client: Client): Element[] {
  const stanzas: Element[] = [];
  world.server.watch(({ direction, jid, stanza }) => {
    if (direction === 'to-server' && jid === client.connection.jid && encryptedIn(stanza)) {
      stanzas.push(parse(stanza.toString()));
    }
  });
  return stanzas;
}

/** An envelope of Alice for Bob, in an IQ from her. */
async function envelopeInIq(world: World, alice: Client, bob: Client, content: Element[], affixes: object = {}) {
  const envelope = serializeEnvelope({ content, padding: '', from: alice.jid, to: bob.jid, ...affixes });
  const { encrypted } = await alice.omemo.encryptPayload([bob.jid], envelope);
  world.note(alice.jid, encrypted);
  return iqOf(alice, bob, encrypted);
}

function iqOf(alice: Client, bob: Client, encrypted: Element, type = 'get'): Element {
  const iq = new Element('iq', { xmlns: 'jabber:client', type, id: 'q1', from: alice.connection.jid });
  iq.attrs['to'] = bob.connection.jid;
  iq.cnode(copyOf(encrypted));
  return iq;
}

describe('an encrypted request', () => {
  test('is read by the resource that is asked, answered by it, and the answer read', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    const requests = answering(bob, () => ({ content: query('an answer') }));
    const sent = [sentBy(world, alice), sentBy(world, bob)] as const;
    const answer = await alice.omemo.iq.request({ to: bob.connection.jid, type: 'get', content: query() });
    expect(answer.content!.toString()).toBe(query('an answer').toString());
    expect(answer.sender).toMatchObject({ jid: bob.jid, deviceId: bob.omemo.deviceId, trust: 'trusted' });
    expect(requests).toHaveLength(1);
    expect(requests[0]!.content.toString()).toBe(query().toString());
    expect(requests[0]!.stanza).toMatchObject({ type: 'get', from: alice.connection.jid, to: bob.connection.jid });
    expect(requests[0]!.sender).toMatchObject({ jid: alice.jid, trust: 'trusted' });
    for (const [stanza, type] of [
      [sent[0][0]!, 'get'],
      [sent[1][0]!, 'result'],
    ] as const) {
      // As XEP-0420 has it: the one child of the IQ is the encrypted element, and nothing is said beside it.
      expect(stanza.attrs['type']).toBe(type);
      expect(stanza.getChildElements().map((child) => `${child.name} ${child.getNS()}`)).toEqual([
        `encrypted ${NS_OMEMO}`,
      ]);
      expect(stanza.toString()).not.toContain('secret');
    }
  });

  test('has an envelope with from, to, time and padding as messages have', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    const requests = answering(bob, () => ({}));
    const { envelope, content } = await alice.omemo.iq.request({
      to: bob.connection.jid,
      type: 'set',
      content: query(),
    });
    expect(requests[0]!.envelope).toMatchObject({ from: alice.jid, to: bob.jid, time: expect.any(Date) });
    expect(envelope).toMatchObject({ from: bob.jid, to: alice.jid, time: expect.any(Date) });
    expect(content).toBeUndefined();
  });

  test('starts a session where there is none, both ways at once', async () => {
    const world = new World();
    const [alice, bob] = await world.pair();
    answering(bob, () => ({ content: query('done') }));
    const { content } = await alice.omemo.iq.request({ to: bob.connection.jid, type: 'get', content: query() });
    expect(content?.text()).toBe('done');
    // Bob's answer has proved the session: nothing is owed any more.
    expect(await bob.omemo.settle()).toEqual([]);
    await alice.say(bob.jid, 'and a message');
    expect(world.keys(alice, bob).map(({ keyExchange }) => keyExchange)).toEqual([true, false]);
  });

  test('goes to all devices of the account, or to the one that answered before, and to none of our own', async () => {
    const world = new World();
    const [phone, , bob, tablet] = await world.started(
      'alice@example.org/phone',
      'alice@example.org/laptop',
      'bob@example.net/desk',
      'bob@example.net/tablet',
    );
    answering(bob, () => ({}));
    const sent = [sentBy(world, phone), sentBy(world, bob)] as const;
    const request = { to: bob.connection.jid, type: 'get', content: query() } as const;
    const { sender } = await phone.omemo.iq.request(request);
    await phone.omemo.iq.request({ ...request, deviceId: sender.deviceId });
    const rids = (stanza: Element) => keyElements(encryptedIn(stanza)!).map((key) => Number(key.attrs['rid']));
    expect(rids(sent[0][0]!).sort()).toEqual([bob.omemo.deviceId, tablet.omemo.deviceId].sort());
    expect(rids(sent[0][1]!)).toEqual([bob.omemo.deviceId]);
    // Who answers knows who asked.
    expect(rids(sent[1][0]!)).toEqual([phone.omemo.deviceId]);
  });

  test('is not kept in inbox or outbox, and a crash loses nothing but the answer', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    await bob.crash({ limits: { maxInbox: 1 } });
    await alice.say(bob.jid, 'fills the inbox');
    await world.quiet();
    expect(await bob.omemo.inbox()).toHaveLength(1);
    const requests = answering(bob, () => ({}));
    await alice.omemo.iq.request({ to: bob.connection.jid, type: 'get', content: query() });
    expect(requests).toHaveLength(1);
    expect(await bob.omemo.inbox()).toHaveLength(1);
    expect([await alice.omemo.outbox(), await bob.omemo.outbox()]).toEqual([[], []]);
  });

  test('that is replayed is a duplicate, and not to be acted upon again', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    const iq = await envelopeInIq(world, alice, bob, [query()]);
    expect(await bob.omemo.receive(copyOf(iq))).toMatchObject({ type: 'request' });
    const again = copyOf(iq);
    again.attrs['id'] = 'another';
    const copy = await bob.omemo.receive(again);
    expect(copy).toMatchObject({ type: 'duplicate', unacknowledged: undefined });
    // Nor when it comes as a message, or after a restart.
    await bob.crash();
    expect(await bob.omemo.receive(incoming(alice.connection.jid, bob.jid, encryptedIn(iq)!))).toMatchObject({
      type: 'duplicate',
    });
  });

  test.each([
    ['from', { from: 'mallory@example.org' }, 'from-mismatch'],
    ['to', { to: 'mallory@example.org' }, 'to-mismatch'],
  ])('whose %s is not that of the IQ is rejected (S38)', async (_, affixes, reason) => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    const iq = await envelopeInIq(world, alice, bob, [query()], affixes);
    expect(await bob.omemo.receive(iq)).toMatchObject({ type: 'rejected', reason });
  });

  test('whose content is that of a message changes nothing, and the message is read where it belongs', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    bob.deaf();
    await alice.omemo.send({ to: bob.jid, content: [body('moved'), query()] });
    await world.quiet();
    const message = bob.received.find((stanza) => encryptedIn(stanza))!;
    const before = bob.memory.snapshot();
    for (const type of ['get', 'set']) {
      const iq = iqOf(alice, bob, encryptedIn(message)!, type);
      expect(await bob.omemo.receive(iq)).toMatchObject({ type: 'failed', code: 'wrong-stanza' });
    }
    expect(bob.memory.snapshot()).toEqual(before);
    expect(await bob.omemo.receive(message)).toMatchObject({ type: 'message' });
  });

  test.each([
    ['no element', []],
    ['two elements', [query(), query()]],
    ['a body', [body('hello')]],
  ])('with %s in it is none (RFC 6120 8.2.3)', async (_, content) => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    const iq = await envelopeInIq(world, alice, bob, content);
    expect(await bob.omemo.receive(iq)).toMatchObject({ type: 'failed', code: 'wrong-stanza' });
  });

  test('in a carbon copy is none: carbons are of messages (S50)', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    const iq = await envelopeInIq(world, alice, bob, [query()]);
    for (const direction of ['received', 'sent'] as const) {
      expect(await bob.omemo.receive(carbon(bob.jid, direction, iq))).toMatchObject({ type: 'invalid' });
    }
    expect(await bob.omemo.receive(iq)).toMatchObject({ type: 'request' });
  });

  test('of an occupant of a room is of the account behind it, and of nobody when that is not known', async () => {
    const world = new World();
    const [alice, bob] = await world.pair();
    const scene = new RoomScene(world, { affiliations: { [bob.jid]: 'owner', [alice.jid]: 'member' } });
    await scene.enter(bob);
    const iq = await envelopeInIq(world, alice, bob, [query()]);
    iq.attrs['from'] = `${ROOM}/alice`;
    const before = bob.memory.snapshot();
    // A key exchange, which would build a session under the address of the room.
    expect(await bob.omemo.receive(copyOf(iq))).toMatchObject({ type: 'sender-unknown', stanza: { type: 'get' } });
    expect(bob.memory.snapshot()).toEqual(before);
    await scene.enter(alice);
    const request = await bob.omemo.receive(iq);
    expect(request).toMatchObject({ type: 'request', sender: { jid: alice.jid } });
    const sent = sentBy(world, bob);
    await bob.omemo.iq.answer(request as ReadRequest);
    expect(sent[0]!.attrs).toMatchObject({ to: `${ROOM}/alice`, type: 'result', id: 'q1' });
    expect(keyElements(encryptedIn(sent[0]!)!).map(({ attrs }) => attrs['rid'])).toEqual([
      String(alice.omemo.deviceId),
    ]);
  });

  test('of type result or error, that nobody waits for, is not looked at', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    const iq = await envelopeInIq(world, alice, bob, [query()]);
    const before = bob.memory.snapshot();
    for (const type of ['result', 'error', 'nonsense']) {
      expect(await bob.omemo.receive(iqOf(alice, bob, encryptedIn(iq)!, type))).toEqual({ type: 'ignored' });
    }
    expect(bob.memory.snapshot()).toEqual(before);
  });

  test('waits for trust, as messages do, and so does its answer (R124)', async () => {
    const world = new World();
    const alice = await world.client('alice@example.org/phone', { trust: trustOnFirstUse });
    const bob = await world.client('bob@example.net/desk', { trust: manualTrust });
    for (const client of [alice, bob]) await client.omemo.start();
    await world.calm();
    const failures: unknown[] = [];
    bob.deaf();
    bob.connection.onStanza(async (stanza) => {
      const result = await bob.omemo.receive(stanza);
      if (result.type !== 'request') return;
      expect(result.sender.trust).toBe('undecided');
      await bob.omemo.iq.answer(result).catch((error) => failures.push(error));
      await bob.omemo.iq.refuse(result);
    });
    const asked = alice.omemo.iq.request({ to: bob.connection.jid, type: 'get', content: query() });
    await expect(asked).rejects.toMatchObject({ condition: 'not-acceptable' });
    expect(failures).toMatchObject([{ code: 'undecided-devices' }]);
    const back = bob.omemo.iq.request({ to: alice.connection.jid, type: 'get', content: query() });
    await expect(back).rejects.toMatchObject({ code: 'undecided-devices' });
  });
});

describe('an answer', () => {
  test('with an error inside the encryption is request-refused, with its condition and who said so', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    answering(bob, () => ({ error: { type: 'cancel', condition: 'item-not-found', text: 'no such thing' } }));
    const sent = sentBy(world, bob);
    const failed = await alice.omemo.iq
      .request({ to: bob.connection.jid, type: 'get', content: query() })
      .catch((error) => error);
    expect(isOmemoError(failed, 'request-refused')).toBe(true);
    expect(failed.details).toEqual({
      ...{ type: 'cancel', condition: 'item-not-found', text: 'no such thing' },
      ...{ jid: bob.jid, deviceId: bob.omemo.deviceId },
    });
    expect(sent[0]!.attrs['type']).toBe('error');
    expect(sent[0]!.toString()).not.toContain('item-not-found');
  });

  test('of a server, in the clear, is a TransportError with its condition', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    const to = bob.connection.jid;
    bob.connection.disconnect();
    const failed = await alice.omemo.iq.request({ to, type: 'get', content: query() }).catch((error) => error);
    expect(failed).toBeInstanceOf(TransportError);
    expect(failed.condition).toBe('service-unavailable');
  });

  test('that never comes is a timeout, and asking again encrypts anew', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    answering(bob, () => ({ content: query('late') }));
    const lost = world.server.faults.drop({ direction: 'to-server', jid: alice.connection.jid, matches: isRequest });
    const request = { to: bob.connection.jid, type: 'get', content: query() } as const;
    const failed = await alice.omemo.iq.request(request).catch((error) => error);
    expect(failed).toBeInstanceOf(TransportError);
    expect(failed.condition).toBe('timeout');
    lost.stop();
    expect((await alice.omemo.iq.request(request)).content?.text()).toBe('late');
  });

  test('is not waited for any longer once its signal says so', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    bob.deaf();
    const controller = new AbortController();
    const asked = alice.omemo.iq.request({ to: bob.connection.jid, type: 'get', content: query() }, controller.signal);
    const refused = expect(asked).rejects.toMatchObject({ code: 'aborted' });
    await world.server.settle();
    controller.abort();
    await refused;
  });

  test.each([
    ['in the clear', (iq: Element) => iq.children.splice(0), 'not-encrypted', undefined],
    [
      'with another payload',
      (iq: Element) => setText(encryptedIn(iq)!.getChild('payload', NS_OMEMO), 'AAAAAAAAAAAAAAAAAAAAAA=='),
      'failed',
      'not-authentic',
    ],
    [
      'with a doubled header',
      (iq: Element) => encryptedIn(iq)!.cnode(copyOf(encryptedIn(iq)!.getChild('header')!)),
      'failed',
      'malformed',
    ],
  ])('%s is answer-unreadable, and says why', async (_, tamper, why, reason) => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    answering(bob, () => ({ content: query('secret answer') }));
    world.server.faults.tamper(
      { direction: 'to-client', jid: alice.connection.jid, matches: (stanza) => encryptedIn(stanza) !== undefined },
      (stanza) => {
        const copy = copyOf(stanza);
        tamper(copy);
        return copy;
      },
    );
    const asked = alice.omemo.iq.request({ to: bob.connection.jid, type: 'get', content: query() });
    await expect(asked).rejects.toMatchObject({ code: 'answer-unreadable', details: { why, reason } });
  });

  test('of another request, replayed by the server, is answer-unreadable', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    let count = 0;
    answering(bob, () => ({ content: query(`answer ${++count}`) }));
    const first = sentBy(world, bob);
    const request = { to: bob.connection.jid, type: 'get', content: query() } as const;
    await alice.omemo.iq.request(request);
    const old = encryptedIn(first[0]!)!;
    const transport = alice.connection.transport;
    const real = transport.request.bind(transport);
    transport.request = async (iq, signal) => {
      const answer = copyOf(await real(iq, signal));
      if (encryptedIn(answer) === undefined) return answer;
      answer.children.splice(0);
      answer.cnode(copyOf(old));
      return answer;
    };
    await expect(alice.omemo.iq.request(request)).rejects.toMatchObject({
      code: 'answer-unreadable',
      details: { why: 'duplicate' },
    });
  });
});

describe('calls that are wrong', () => {
  test('a bare JID, another type, no element, an unreadable text: invalid-argument before anything is spent', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    const before = alice.memory.snapshot();
    const request = { to: bob.connection.jid, type: 'get', content: query() } as const;
    for (const wrong of [{ to: bob.jid }, { to: '@' }, { type: 'result' }, { content: '<query/>' }]) {
      const asked = alice.omemo.iq.request({ ...request, ...wrong } as never);
      await expect(asked).rejects.toMatchObject({ code: 'invalid-argument' });
    }
    expect(alice.memory.snapshot()).toEqual(before);
    const message = {
      stanza: { via: 'direct', id: 'x', type: 'chat', from: bob.connection.jid, to: alice.jid },
    } as const;
    await expect(alice.omemo.iq.refuse(message)).rejects.toMatchObject({ code: 'invalid-argument' });
  });

  test('a device that is not listed gets nothing (R81)', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    const request = { to: bob.connection.jid, type: 'get', content: query(), deviceId: 999_999 } as const;
    await expect(alice.omemo.iq.request(request)).rejects.toMatchObject({ code: 'no-devices' });
  });
});
