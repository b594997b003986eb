import { Ejabberd, Prosody, type XmppAccount, type XmppServer } from '@omemo-kit/interop';
import { describePeer } from '@omemo-kit/interop/vitest';
import { textBody } from '@omemo-kit/omemo-core';
import { stanzaTransport, subscribeToDevices, xml } from '@omemo-kit/transport-stanzas';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { xmppjsChannel } from '../../src/index.ts';
import { Device, type Link, xmppOf } from './device.ts';

const wait = { timeout: 15_000, interval: 20 };
const names = Array.from({ length: 48 }, (_, index) => `user${index}`);

describePeer('prosody', 'on Prosody', () => onServer(Prosody));
describePeer('ejabberd', 'on ejabberd', () => onServer(Ejabberd));

function onServer(software: typeof Prosody): void {
  let server: XmppServer;
  let next = 0;
  /** Accounts that no other test has touched. */
  const fresh = (): XmppAccount => server.account(names[next++]!);

  beforeAll(async () => {
    server = await software.start({ accounts: names });
  });
  afterAll(() => server?.close());

  describe.each<Link>(['tcp', 'websocket'])('over %s', (link) => {
    // A WebSocket of Node ends when the server says so, and ejabberd waits half a minute before it does.
    const cannotBreak = software === Ejabberd && link === 'websocket';
    const testBreaking: (title: string, run: () => Promise<void>) => void = cannotBreak ? () => undefined : test;
    const online = (account: XmppAccount, options = {}) => Device.online(server, account, link, options);

    /** Two accounts whose devices have talked. */
    const acquainted = async () => {
      const [alice, bob] = [await online(fresh()), await online(fresh())];
      await alice.say(bob.jid, 'hello');
      await expect.poll(() => bob.texts, wait).toEqual(['hello']);
      await bob.say(alice.jid, 'hi');
      await expect.poll(() => alice.texts, wait).toEqual(['hi']);
      return { alice, bob };
    };

    /** As two rosters have it: each gets the other's presence, and what is pushed to contacts. */
    const befriend = async (one: Device, other: Device) => {
      for (const [from, to] of [
        [one, other],
        [other, one],
      ] as const) {
        await from.attached.presence({ to: to.jid, type: 'subscribe' });
        await to.attached.presence({ to: from.jid, type: 'subscribed' });
      }
    };

    test('publishes, fetches, configures and retracts, and errors keep their conditions', async () => {
      const xmpp = xmppOf(server, fresh(), link);
      const channel = xmppjsChannel(xmpp);
      await expect(channel.request(xml('iq', { type: 'get' }))).rejects.toMatchObject({ condition: 'disconnected' });
      await xmpp.start();
      const transport = stanzaTransport(channel);
      const [jid = ''] = channel.jid.split('/');
      const item = (id: string) => ({ id, payload: xml('thing', { xmlns: 'urn:example:thing' }, `<&" ${id}`) });
      // ejabberd takes no max_items here.
      const options = { 'pubsub#access_model': 'open', ...(software === Prosody && { 'pubsub#max_items': 'max' }) };
      const owned = { ...options, 'pubsub#max_items': 'max' };
      const node = 'urn:example:things';
      await transport.publish({ node, item: item('1') });
      await expect(transport.publish({ node, item: item('2'), options })).rejects.toMatchObject({
        ...{ condition: 'conflict', applicationCondition: 'precondition-not-met' },
      });
      await transport.configure({ node, options: owned });
      await transport.publish({ node, item: item('2'), options });
      const found = await transport.fetch({ jid, node });
      expect(found.map(({ id, payload }) => [id, payload.text()]).sort()).toEqual([
        ['1', '<&" 1'],
        ['2', '<&" 2'],
      ]);
      await transport.retract({ node, itemId: '1' });
      expect((await transport.fetch({ jid, node })).map(({ id }) => id)).toEqual(['2']);
      await expect(transport.fetch({ jid, node: 'urn:example:none' })).rejects.toMatchObject({
        condition: 'item-not-found',
      });
    });

    test('the server acknowledges what is sent (XEP-0198), and the outbox is empty', async () => {
      const { alice, bob } = await acquainted();
      expect(await alice.say(bob.jid, 'again')).toMatchObject({ delivery: 'accepted' });
      expect(await alice.attached.omemo.outbox()).toEqual([]);
      expect([...alice.troubles, ...bob.troubles]).toEqual([]);
    });

    test('device lists are pushed to contacts and own devices (R47)', async () => {
      const { alice, bob } = await acquainted();
      await befriend(alice, bob);
      alice.pushed.length = 0;
      bob.pushed.length = 0;
      const account = server.account(alice.jid);
      const tablet = await online(account, { resource: 'tablet' });
      await expect.poll(() => alice.pushed, wait).toContain(alice.jid);
      await expect.poll(() => bob.pushed, wait).toContain(alice.jid);
      await bob.say(alice.jid, 'to both');
      await expect.poll(() => tablet.texts, wait).toEqual(['to both']);
    });

    test('without presence subscription a device list is pushed to who subscribed to it (R49)', async () => {
      const [alice, bob] = [await online(fresh()), await online(fresh())];
      await subscribeToDevices(xmppjsChannel(bob.xmpp), alice.jid);
      bob.pushed.length = 0;
      await online(server.account(alice.jid), { resource: 'tablet' });
      await expect.poll(() => bob.pushed, wait).toContain(alice.jid);
    });

    test('other devices get copies of what comes and goes', async () => {
      const { alice, bob } = await acquainted();
      const tablet = await online(server.account(alice.jid), { resource: 'tablet' });
      // Whoever writes before they were told of the tablet writes to the others only.
      for (const one of [alice, bob]) await one.attached.omemo.devices(alice.jid, { refresh: 'always' });
      await bob.say(alice.jid, 'to both');
      await alice.say(bob.jid, 'from the desk');
      await expect.poll(() => tablet.texts.sort(), wait).toEqual(['from the desk', 'to both']);
      const sent = tablet.messages.find(({ sender }) => sender.jid === alice.jid);
      expect(sent?.stanza).toMatchObject({ via: 'carbon', to: bob.jid });
    });

    test('what came meanwhile is read from the archive, page by page, once and in order', async () => {
      const { alice, bob } = await acquainted();
      await bob.leave();
      const texts = Array.from({ length: 12 }, (_, index) => `while away ${index}`);
      for (const text of texts) await alice.say(bob.jid, text);
      const caughtUp: number[] = [];
      const again = await online(server.account(bob.jid), { memory: bob.memory, catchUp: { pageSize: 5 } });
      again.attached.on('caught-up', ({ messages }) => void caughtUp.push(messages));
      await expect.poll(() => again.texts, wait).toEqual(texts);
      expect(again.troubles).toEqual([]);
      const position = await again.attached.omemo.positions.get(bob.jid);
      await again.leave();
      const once = await online(server.account(bob.jid), { memory: bob.memory, catchUp: { pageSize: 5 } });
      expect(await once.attached.omemo.positions.get(bob.jid)).toEqual(position);
      expect(once.texts).toEqual([]);
    });

    testBreaking('a connection that breaks is resumed, and nothing is lost', async () => {
      const { alice, bob } = await acquainted();
      bob.breakConnection();
      await alice.say(bob.jid, 'while broken');
      await expect.poll(() => bob.sessions, wait).toEqual(['new', 'resumed']);
      await expect.poll(() => bob.texts, wait).toEqual(['hello', 'while broken']);
      expect(await bob.say(alice.jid, 'back')).toMatchObject({ delivery: 'accepted' });
      await expect.poll(() => alice.texts, wait).toEqual(['hi', 'back']);
      expect(await bob.attached.omemo.outbox()).toEqual([]);
    });

    test('a client that writes as soon as it is online keeps its stream, whatever it is sent then (XEP-0198 4)', async () => {
      const xmpp = xmppOf(server, fresh(), link);
      const ends: string[] = [];
      for (const event of ['error', 'disconnect']) xmpp.on(event as 'error', (why) => ends.push(`${event}: ${why}`));
      const channel = xmppjsChannel(xmpp);
      await xmpp.start();
      // Before there is stream management, so that what it brings comes together with `<enabled/>`.
      await channel.send(xml('presence', {}));
      const ping = xml('iq', { type: 'get' }, xml('ping', { xmlns: 'urn:xmpp:ping' }));
      for (let asked = 0; asked < 10; asked++) await channel.request(ping);
      expect(ends).toEqual([]);
    });

    testBreaking('a session that is resumed after many requests brings nothing twice (XEP-0198 4)', async () => {
      const { alice, bob } = await acquainted();
      const bodies: string[] = [];
      const channel = xmppjsChannel(bob.xmpp);
      channel.onStanza((stanza) => stanza.is('message') && bodies.push(stanza.getChildText('body') ?? ''));
      const say = (text: string) =>
        xmppjsChannel(alice.xmpp).send(xml('message', { to: bob.jid, type: 'chat' }, xml('body', {}, text)));
      const ping = xml('iq', { type: 'get' }, xml('ping', { xmlns: 'urn:xmpp:ping' }));
      for (let asked = 0; asked < 10; asked++) await channel.request(ping);
      await say('before');
      await expect.poll(() => bodies, wait).toEqual(['before']);
      bob.breakConnection();
      await expect.poll(() => bob.sessions, wait).toEqual(['new', 'resumed']);
      await say('after');
      await expect.poll(() => bodies, wait).toContain('after');
      expect(bodies).toEqual(['before', 'after']);
    });

    testBreaking('a session that cannot be resumed is followed by a new one, and nothing is lost', async () => {
      const { alice, bob } = await acquainted();
      // The server is asked for a session that it does not know.
      bob.xmpp.streamManagement.id = 'forgotten';
      bob.xmpp.reconnect.stop();
      bob.breakConnection();
      await expect.poll(() => bob.xmpp.status, wait).toBe('disconnect');
      expect(await bob.say(alice.jid, 'queued')).toMatchObject({ delivery: 'queued' });
      await alice.say(bob.jid, 'while broken');
      bob.xmpp.reconnect.start();
      await bob.xmpp.reconnect.reconnect();
      await expect.poll(() => bob.sessions, wait).toEqual(['new', 'new']);
      await expect.poll(() => bob.texts, wait).toEqual(['hello', 'while broken']);
      await expect.poll(() => alice.texts, wait).toEqual(['hi', 'queued']);
      await expect.poll(() => bob.attached.omemo.outbox(), wait).toEqual([]);
    });

    test('answers encrypted requests', async () => {
      const { alice, bob } = await acquainted();
      const { omemo } = bob.attached;
      const thing = (name: string) => xml(name, { xmlns: 'urn:example:secret' });
      bob.attached.on('request', (asked) => omemo.iq.answer(asked, { content: thing('told') }));
      const to = String(bob.xmpp.jid);
      const answer = await alice.attached.omemo.iq.request({ to, type: 'get', content: thing('ask') });
      expect(answer.content?.name).toBe('told');
      // What nobody listens for is refused, and what is no business of ours is left to xmpp.js.
      const channel = xmppjsChannel(alice.xmpp);
      const ping = xml('iq', { type: 'get', to }, xml('ping', { xmlns: 'urn:xmpp:ping' }));
      expect((await channel.request(ping)).attrs['type']).toBe('result');
      await expect(channel.request(xml('iq', { type: 'get', to }, thing('plain')))).rejects.toMatchObject({
        condition: 'service-unavailable',
      });
    });

    testBreaking('a room is entered, written to and read, and entered again with the next session', async () => {
      const { alice, bob } = await acquainted();
      const room = `tea-${link}@${server.mucDomain}`;
      await alice.attached.joinRoom({ room, nick: 'alice' });
      const member = xml('item', { affiliation: 'member', jid: bob.jid });
      const query = xml('query', { xmlns: 'http://jabber.org/protocol/muc#admin' }, member);
      await xmppjsChannel(alice.xmpp).request(xml('iq', { type: 'set', to: room }, query));
      const joined = await bob.attached.joinRoom({ room, nick: 'bob' });
      expect(joined).toMatchObject({ room, nick: 'bob' });
      const chat = alice.attached.omemo.rooms.room(room);
      await chat.refresh();
      await chat.send({ content: [textBody('to the room')] });
      await expect.poll(() => bob.texts, wait).toEqual(['hello', 'to the room']);
      bob.xmpp.streamManagement.id = 'forgotten';
      bob.breakConnection();
      await chat.send({ content: [textBody('while broken')] });
      await expect.poll(() => bob.sessions, wait).toEqual(['new', 'new']);
      await chat.send({ content: [textBody('and now')] });
      await expect.poll(() => bob.texts.slice(2), wait).toEqual(['while broken', 'and now']);
      expect([...alice.troubles, ...bob.troubles]).toEqual([]);
    });
  });
}
