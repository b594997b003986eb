import { LoopbackServer } from '@omemo-kit/loopback';
import { parse } from 'ltx';
import { expect, it } from 'vitest';
import { bodiesOf, conditionOf, inboxOf, message } from './support.ts';

const CARBONS = 'urn:xmpp:carbons:2';

it('brings a chat message for a bare JID to every resource, one for a full JID to that one', async () => {
  const server = new LoopbackServer();
  const alice = server.connect('alice@a.example/x');
  const phone = inboxOf(server.connect('bob@b.example/phone', { carbons: 'off' }));
  const desk = inboxOf(server.connect('bob@b.example/desk', { carbons: 'off' }));
  expect(await alice.transport.send(message('bob@b.example', 'both'))).toBe('accepted');
  await alice.send(message('Bob@B.example/desk', 'desk'));
  await server.settle();
  expect(bodiesOf(phone)).toEqual(['both']);
  expect(bodiesOf(desk)).toEqual(['both', 'desk']);
});

it('stamps who sent it, whatever the client says, and shares no object', async () => {
  const server = new LoopbackServer();
  const alice = server.connect('alice@a.example/x');
  const inbox = inboxOf(server.connect('bob@b.example/phone'));
  const second = inboxOf(server.connect('bob@b.example/desk'));
  const stanza = message('bob@b.example', 'hello');
  stanza.attrs['from'] = 'eve@e.example/x';
  await alice.send(stanza);
  stanza.getChild('body')?.children.push('changed');
  await server.settle();
  expect(inbox[0]?.attrs['from']).toBe('alice@a.example/x');
  inbox[0]?.getChild('body')?.children.push('changed');
  expect(bodiesOf(second)).toEqual(['hello']);
  expect(server.log[0]?.stanza.getChildText('body')).toBe('hello');
});

it('copies what was sent and received to the other resources, wrapped, and nothing private', async () => {
  const server = new LoopbackServer();
  const alice = server.connect('alice@a.example/x');
  const aliceInbox = inboxOf(alice);
  const other = inboxOf(server.connect('alice@a.example/y'));
  const desk = inboxOf(server.connect('bob@b.example/desk'));
  const phone = inboxOf(server.connect('bob@b.example/phone'));
  await alice.send(message('bob@b.example/desk', 'hello'));
  await alice.send(message('bob@b.example/desk', 'hidden', 'chat', `<private xmlns="${CARBONS}"/>`));
  await alice.send(message('bob@b.example/desk', 'hint', 'chat', '<no-copy xmlns="urn:xmpp:hints"/>'));
  await server.settle();
  expect(bodiesOf(desk)).toEqual(['hello', 'hidden', 'hint']);
  expect(desk[1]?.getChild('private')).toBeUndefined();
  expect(aliceInbox).toEqual([]);
  for (const [inbox, direction, own] of [
    [other, 'sent', 'alice@a.example'],
    [phone, 'received', 'bob@b.example'],
  ] as const) {
    expect(inbox).toHaveLength(1);
    expect(inbox[0]?.attrs['from']).toBe(own);
    const forwarded = inbox[0]?.getChild(direction, CARBONS)?.getChild('forwarded', 'urn:xmpp:forward:0');
    const inner = forwarded?.getChild('message', 'jabber:client');
    expect(inner?.getChildText('body')).toBe('hello');
    expect(inner?.attrs['from']).toBe('alice@a.example/x');
  }
});

it('sends no carbons where they are off, and lets a client turn them on', async () => {
  const server = new LoopbackServer();
  const alice = server.connect('alice@a.example/x');
  const silent = server.connect('alice@a.example/y', { carbons: 'off' });
  const inbox = inboxOf(silent);
  server.register('bob@b.example');
  await alice.send(message('bob@b.example', 'one'));
  await silent.request(parse(`<iq type="set"><enable xmlns="${CARBONS}"/></iq>`));
  await alice.send(message('bob@b.example', 'two'));
  await server.settle();
  expect(inbox).toHaveLength(1);
  await silent.request(parse(`<iq type="set"><disable xmlns="${CARBONS}"/></iq>`));
  await alice.send(message('bob@b.example', 'three'));
  await server.settle();
  expect(inbox).toHaveLength(1);
});

it('brings a message to the own bare JID to all own resources once', async () => {
  const server = new LoopbackServer();
  const alice = server.connect('alice@a.example/x');
  const inboxes = [inboxOf(alice), inboxOf(server.connect('alice@a.example/y'))];
  await alice.send(message('alice@a.example', 'note'));
  await server.settle();
  expect(inboxes.map(bodiesOf)).toEqual([['note'], ['note']]);
  expect(server.archive('alice@a.example')).toHaveLength(1);
});

it('keeps messages for who is offline and hands them over with the time they came', async () => {
  const server = new LoopbackServer();
  const alice = server.connect('alice@a.example/x');
  const bob = server.connect('bob@b.example/phone');
  bob.disconnect();
  expect(bob.online).toBe(false);
  await alice.send(message('bob@b.example/phone', 'kept'));
  await alice.send(message('bob@b.example', 'headline', 'headline'));
  await alice.send(message('bob@b.example', 'hint', 'chat', '<no-store xmlns="urn:xmpp:hints"/>'));
  await server.settle();
  bob.reconnect();
  const inbox = inboxOf(bob);
  await server.settle();
  expect(bodiesOf(inbox)).toEqual(['kept']);
  const delay = inbox[0]?.getChild('delay', 'urn:xmpp:delay');
  expect(delay?.attrs).toMatchObject({ from: 'b.example', stamp: '2026-01-01T00:00:01.000Z' });
  expect(inboxOf(server.connect('bob@b.example/desk'))).toEqual([]);
});

it('loses nothing that was under way to a resource that went offline', async () => {
  const server = new LoopbackServer();
  const alice = server.connect('alice@a.example/x');
  const phone = server.connect('bob@b.example/phone');
  const hold = server.faults.hold({ direction: 'to-client', jid: 'bob@b.example' });
  await alice.send(message('bob@b.example', 'late'));
  await server.settle();
  phone.disconnect();
  hold.release();
  await server.settle();
  hold.stop();
  const inbox = inboxOf(server.connect('bob@b.example/phone'));
  await server.settle();
  expect(bodiesOf(inbox)).toEqual(['late']);
});

it('bounces what is for an account that is not there, and never an error', async () => {
  const server = new LoopbackServer();
  const alice = server.connect('alice@a.example/x');
  const inbox = inboxOf(alice);
  await alice.send(message('nobody@b.example', 'hello'));
  await alice.send(message('nobody@b.example', 'hello', 'error'));
  await server.settle();
  expect(inbox).toHaveLength(1);
  expect(inbox[0]?.attrs).toMatchObject({ type: 'error', from: 'nobody@b.example', id: 'id-hello' });
  expect(inbox[0]?.getChild('error')?.getChild('service-unavailable')).toBeDefined();
});

it('archives under the id that the copy carries, removes forged ids, and answers queries by page', async () => {
  const server = new LoopbackServer();
  const alice = server.connect('alice@a.example/x');
  const bob = server.connect('bob@b.example/phone');
  const inbox = inboxOf(bob);
  const forged = '<stanza-id xmlns="urn:xmpp:sid:0" by="bob@b.example" id="forged"/>';
  for (const body of ['1', '2', '3']) await alice.send(message('bob@b.example', body, 'chat', forged));
  await alice.send(message('bob@b.example', 'hint', 'chat', '<no-store xmlns="urn:xmpp:hints"/>'));
  await server.settle();
  const archive = server.archive('bob@b.example');
  expect(archive.map(({ stanza }) => stanza.getChildText('body'))).toEqual(['1', '2', '3']);
  const ids = inbox.slice(0, 3).map((stanza) => stanza.getChildren('stanza-id').map(({ attrs }) => attrs['id']));
  expect(ids).toEqual(archive.map(({ id }) => [id]));
  expect(server.archive('alice@a.example')).toHaveLength(3);

  inbox.length = 0;
  const query = (page: string) =>
    bob.request(
      parse(
        `<iq type="set"><query xmlns="urn:xmpp:mam:2" queryid="q"><set xmlns="http://jabber.org/protocol/rsm">${page}</set></query></iq>`,
      ),
    );
  const found = () =>
    inbox.splice(0).map((stanza) => {
      const result = stanza.getChild('result', 'urn:xmpp:mam:2');
      return result?.getChild('forwarded')?.getChild('message')?.getChildText('body');
    });
  const first = await query('<max>2</max>');
  expect(found()).toEqual(['1', '2']);
  expect(first.getChild('fin')?.attrs['complete']).toBeUndefined();
  const second = await query(`<max>2</max><after>${archive[1]?.id}</after>`);
  expect(found()).toEqual(['3']);
  expect(second.getChild('fin')?.attrs['complete']).toBe('true');
  await query('<max>2</max><before/>');
  expect(found()).toEqual(['2', '3']);
  await query(`<max>1</max><before>${archive[1]?.id}</before>`);
  expect(found()).toEqual(['1']);
});

it('passes IQs between clients and answers for those that are gone', async () => {
  const server = new LoopbackServer();
  const alice = server.connect('alice@a.example/x');
  const bob = server.connect('bob@b.example/phone');
  bob.onStanza((iq) => bob.send(parse(`<iq type="result" id="${iq.attrs['id']}" to="${iq.attrs['from']}"/>`)));
  const ask = () => alice.request(parse('<iq type="get" to="bob@b.example/phone"><query xmlns="urn:test"/></iq>'));
  expect((await ask()).attrs['from']).toBe('bob@b.example/phone');
  bob.disconnect();
  expect(await conditionOf(ask())).toBe('service-unavailable');
});

it('takes no answer from anybody but who was asked', async () => {
  const server = new LoopbackServer();
  const alice = server.connect('alice@a.example/x');
  const eve = server.connect('eve@e.example/x');
  const hold = server.faults.hold({ direction: 'to-client', jid: 'alice@a.example' });
  const answer = alice.request(parse('<iq type="get" to="bob@b.example"><ping xmlns="urn:xmpp:ping"/></iq>'));
  await server.settle();
  const id = hold.stanzas[0]?.attrs['id'];
  hold.stop();
  await eve.send(parse(`<iq type="result" id="${id}" to="alice@a.example/x"><forged xmlns="urn:test"/></iq>`));
  await server.settle();
  hold.release();
  expect((await answer).getChild('forged')).toBeUndefined();
});

it('fails calls that are offline, aborted or cannot be written', async () => {
  const server = new LoopbackServer();
  const alice = server.connect('alice@a.example/x');
  const bob = server.connect('bob@b.example/x');
  server.faults.hold({ jid: 'alice@a.example' });
  const waiting = conditionOf(alice.transport.fetch({ jid: 'bob@b.example', node: 'n' }));
  const controller = new AbortController();
  const abortable = conditionOf(alice.transport.fetch({ jid: 'bob@b.example', node: 'n' }, controller.signal));
  controller.abort();
  expect(await abortable).toBe('aborted');
  expect(await conditionOf(bob.send(message('bob@b.example', 'x'), AbortSignal.abort()))).toBe('aborted');
  alice.disconnect();
  expect(await waiting).toBe('disconnected');
  expect(await conditionOf(alice.send(message('bob@b.example', 'x')))).toBe('disconnected');
  expect(await conditionOf(bob.send(message('bob@b.example', 'x\u0001')))).toBe('not-well-formed');
});

it('puts out a connection whose full JID connects again', async () => {
  const server = new LoopbackServer();
  const alice = server.connect('alice@a.example/x');
  const old = server.connect('bob@b.example/x');
  const inbox = inboxOf(server.connect('bob@b.example/x'));
  expect(old.online).toBe(false);
  await alice.send(message('bob@b.example/x', 'hello'));
  await server.settle();
  expect(bodiesOf(inbox)).toEqual(['hello']);
});
