import { type AccessModel, isEventOf, LoopbackServer } from '@omemo-kit/loopback';
import { parse } from 'ltx';
import { describe, expect, it } from 'vitest';
import { BUNDLES, conditionOf, DEVICES, inboxOf, item } from './support.ts';

const ALICE = 'alice@a.example';
const open = { 'pubsub#access_model': 'open' };
const openMax = { ...open, 'pubsub#max_items': 'max' };

function setUp(quirks: ConstructorParameters<typeof LoopbackServer>[0] = {}) {
  const server = new LoopbackServer(quirks);
  const alice = server.connect(`${ALICE}/x`);
  const bob = server.connect('bob@b.example/x');
  const fetch = (who: typeof alice, node = DEVICES, itemIds?: string[]) =>
    who.transport.fetch({ jid: ALICE, node, ...(itemIds === undefined ? {} : { itemIds }) });
  const idsFor = async (...args: Parameters<typeof fetch>) => (await fetch(...args)).map(({ id }) => id);
  const publish = (node: string, id: string, options?: Record<string, string>) =>
    alice.transport.publish({ node, item: item(id), ...(options === undefined ? {} : { options }) });
  return { server, alice, bob, fetch, idsFor, publish };
}

describe('items', () => {
  it('are kept, replaced under the same id and read whole or by id', async () => {
    const { alice, bob, publish, fetch, idsFor } = setUp();
    await publish(BUNDLES, '1', openMax);
    await publish(BUNDLES, '2', openMax);
    await alice.transport.publish({ node: BUNDLES, item: item('1', 'changed') });
    expect((await idsFor(bob, BUNDLES)).sort()).toEqual(['1', '2']);
    expect(await idsFor(bob, BUNDLES, ['2', 'absent'])).toEqual(['2']);
    const [changed] = await fetch(bob, BUNDLES, ['1']);
    expect(changed?.payload.toString()).toBe(item('1', 'changed').payload.toString());
    expect(changed?.payload.parent).toBeNull();
    changed?.payload.attr('xmlns', 'urn:changed');
    expect((await fetch(bob, BUNDLES, ['1']))[0]?.payload.getNS()).toBe('urn:xmpp:omemo:2');
  });

  it('beyond max_items go, oldest first, one by default', async () => {
    const { server, publish, alice } = setUp();
    for (const id of ['1', '2', '3']) await publish(DEVICES, id);
    expect([...(server.node(ALICE, DEVICES)?.items.keys() ?? [])]).toEqual(['3']);
    for (const id of ['1', '2', '3']) await publish(BUNDLES, id, { 'pubsub#max_items': '2' });
    expect([...(server.node(ALICE, BUNDLES)?.items.keys() ?? [])]).toEqual(['2', '3']);
    await alice.transport.configure({ node: BUNDLES, options: { 'pubsub#max_items': '1' } });
    expect([...(server.node(ALICE, BUNDLES)?.items.keys() ?? [])]).toEqual(['3']);
  });

  it('are not kept by a node that does not persist', async () => {
    const { bob, publish, idsFor } = setUp();
    await publish(DEVICES, '1', { ...open, 'pubsub#persist_items': 'false' });
    expect(await idsFor(bob)).toEqual([]);
  });

  it('are retracted, with an event; what is not there is not found', async () => {
    const { server, alice, publish } = setUp();
    const inbox = inboxOf(server.connect(`${ALICE}/y`));
    await publish(DEVICES, '1');
    await alice.transport.retract({ node: DEVICES, itemId: '1' });
    await server.settle();
    expect(inbox.at(-1)?.toString()).toContain('<retract id="1"/>');
    expect(await conditionOf(alice.transport.retract({ node: DEVICES, itemId: '1' }))).toBe('item-not-found');
    expect(await conditionOf(alice.transport.retract({ node: 'absent', itemId: '1' }))).toBe('item-not-found');
  });
});

describe('publish-options', () => {
  it('configure a new node and are preconditions on an existing one, until it is reconfigured', async () => {
    const { server, alice, publish, idsFor, bob } = setUp();
    server.createNode({
      jid: ALICE,
      node: BUNDLES,
      items: [item('old')],
      options: { 'pubsub#access_model': 'whitelist' },
    });
    expect(await conditionOf(publish(BUNDLES, '1', openMax))).toBe('conflict+precondition-not-met');
    await alice.transport.configure({ node: BUNDLES, options: openMax });
    await publish(BUNDLES, '1', openMax);
    expect((await idsFor(bob, BUNDLES)).sort()).toEqual(['1', 'old']);
    await publish(DEVICES, 'current', { ...open, 'pubsub#persist_items': '1' });
    await publish(DEVICES, 'current', { ...open, 'pubsub#persist_items': 'true' });
    expect(server.node(ALICE, DEVICES)?.options['pubsub#access_model']).toBe('open');
    expect(await conditionOf(publish(DEVICES, 'current', { 'pubsub#unheard_of': '1' }))).toBe(
      'conflict+precondition-not-met',
    );
  });

  it('take max for the number it stands for', async () => {
    const { publish } = setUp({ quirks: { maxItems: 50 } });
    await publish(BUNDLES, '1', openMax);
    await publish(BUNDLES, '2', { 'pubsub#max_items': '50' });
    expect(await conditionOf(publish('other', '1', { 'pubsub#max_items': '51' }))).toBe('not-acceptable');
    expect(await conditionOf(publish('other', '1', { 'pubsub#max_items': 'many' }))).toBe('not-acceptable');
    expect(await conditionOf(publish('other', '1', { 'pubsub#access_model': 'secret' }))).toBe('not-acceptable');
  });
});

describe('access', () => {
  it.each<[AccessModel, string, string]>([
    ['open', 'ok', 'ok'],
    ['presence', 'ok', 'forbidden'],
    ['whitelist', 'forbidden', 'forbidden'],
  ])('of a node that is %s: contact %s, stranger %s', async (model, contact, stranger) => {
    const { server, alice, bob, publish, fetch } = setUp();
    const carol = server.connect('carol@c.example/x');
    server.subscribe('alice@a.example', 'carol@c.example');
    await publish(DEVICES, 'current', { 'pubsub#access_model': model });
    expect(await conditionOf(fetch(alice))).toBe('ok');
    expect(await conditionOf(fetch(carol))).toBe(contact);
    expect(await conditionOf(fetch(bob))).toBe(stranger);
  });

  it('to a missing node: not found for the owner and contacts, forbidden for strangers', async () => {
    const { server, alice, bob, fetch } = setUp();
    const carol = server.connect('carol@c.example/x');
    server.subscribe('alice@a.example', 'carol@c.example');
    expect(await conditionOf(fetch(alice))).toBe('item-not-found');
    expect(await conditionOf(fetch(carol))).toBe('item-not-found');
    expect(await conditionOf(fetch(bob))).toBe('forbidden');
    server.unsubscribe('alice@a.example', 'carol@c.example');
    expect(await conditionOf(fetch(carol))).toBe('forbidden');
  });

  it('to change anything is the owner’s alone', async () => {
    const { server, bob, publish } = setUp();
    await publish(DEVICES, 'current', openMax);
    const iq = (content: string) => conditionOf(bob.request(parse(`<iq type="set" to="${ALICE}">${content}</iq>`)));
    const pubsub = 'pubsub xmlns="http://jabber.org/protocol/pubsub';
    expect(await iq(`<${pubsub}"><publish node="${DEVICES}"><item><a xmlns="b"/></item></publish></pubsub>`)).toBe(
      'forbidden',
    );
    expect(await iq(`<${pubsub}"><retract node="${DEVICES}"><item id="current"/></retract></pubsub>`)).toBe(
      'forbidden',
    );
    expect(await iq(`<${pubsub}#owner"><configure node="${DEVICES}"/></pubsub>`)).toBe('forbidden');
    expect(await iq(`<${pubsub}#owner"><delete node="${DEVICES}"/></pubsub>`)).toBe('forbidden');
    expect(server.node(ALICE, DEVICES)?.items.size).toBe(1);
  });
});

describe('events', () => {
  it('go to own resources and contacts that want them, from the bare JID, and not to strangers', async () => {
    const { server, alice, bob, publish } = setUp();
    server.subscribe(ALICE, 'carol@c.example');
    const inboxes = {
      publisher: inboxOf(alice),
      own: inboxOf(server.connect(`${ALICE}/y`)),
      contact: inboxOf(server.connect('carol@c.example/x')),
      uninterested: inboxOf(server.connect('carol@c.example/y', { notify: ['urn:other'] })),
      stranger: inboxOf(bob),
    };
    await publish(DEVICES, 'current', open);
    await publish(BUNDLES, '1', openMax);
    await server.settle();
    const counts = Object.fromEntries(Object.entries(inboxes).map(([name, inbox]) => [name, inbox.length]));
    expect(counts).toEqual({ publisher: 1, own: 1, contact: 1, uninterested: 0, stranger: 0 });
    const event = inboxes.contact[0]!;
    expect(isEventOf(DEVICES)(event)).toBe(true);
    expect(event.attrs).toMatchObject({ type: 'headline', from: ALICE, to: 'carol@c.example/x' });
    const items = event.getChild('event')?.getChild('items');
    expect(items?.getChild('item')?.getChild('devices', 'urn:xmpp:omemo:2')?.getChild('device')?.attrs['id']).toBe(
      'current',
    );
  });

  it('of a closed node stay with the owner', async () => {
    const { server, publish } = setUp();
    server.subscribe(ALICE, 'carol@c.example');
    const inbox = inboxOf(server.connect('carol@c.example/x'));
    await publish(DEVICES, 'current', { 'pubsub#access_model': 'whitelist' });
    await server.settle();
    expect(inbox).toEqual([]);
  });

  it('reach a stranger who subscribed to the node, until they unsubscribe', async () => {
    const { server, bob, publish } = setUp();
    const inbox = inboxOf(bob);
    await publish(DEVICES, 'current', open);
    const iq = (verb: string, jid: string) =>
      bob.request(
        parse(
          `<iq type="set" to="${ALICE}"><pubsub xmlns="http://jabber.org/protocol/pubsub"><${verb} node="${DEVICES}" jid="${jid}"/></pubsub></iq>`,
        ),
      );
    expect(await conditionOf(iq('subscribe', ALICE))).toBe('bad-request+invalid-jid');
    await iq('subscribe', 'bob@b.example');
    await publish(DEVICES, 'current', open);
    await server.settle();
    expect(inbox).toHaveLength(1);
    await iq('unsubscribe', 'bob@b.example');
    await publish(DEVICES, 'current', open);
    await server.settle();
    expect(inbox).toHaveLength(1);
  });

  it('bring the last item to a resource that comes online', async () => {
    const { server, publish } = setUp();
    server.subscribe(ALICE, 'carol@c.example');
    await publish(DEVICES, 'current', open);
    await server.settle();
    const own = inboxOf(server.connect(`${ALICE}/y`));
    const contact = inboxOf(server.connect('carol@c.example/x'));
    const stranger = inboxOf(server.connect('dave@d.example/x'));
    await server.settle();
    expect([own, contact, stranger].map((inbox) => inbox.filter(isEventOf(DEVICES)).length)).toEqual([1, 1, 0]);
  });

  it('come without payload, or not at all, when the node is so configured', async () => {
    const { server, alice, publish } = setUp();
    const inbox = inboxOf(server.connect(`${ALICE}/y`));
    await publish(DEVICES, 'current', { 'pubsub#deliver_payloads': 'false', 'pubsub#notify_retract': 'false' });
    await server.settle();
    expect(inbox.at(-1)?.toString()).toContain('<item id="current"/>');
    const retract = `<pubsub xmlns="http://jabber.org/protocol/pubsub"><retract node="${DEVICES}"><item id="current"/></retract></pubsub>`;
    await alice.request(parse(`<iq type="set">${retract}</iq>`));
    await alice.transport.configure({ node: DEVICES, options: { 'pubsub#deliver_notifications': 'false' } });
    await publish(DEVICES, 'current');
    await server.settle();
    expect(inbox).toHaveLength(1);
  });

  it('tell of a deleted node', async () => {
    const { server, alice, publish, fetch } = setUp();
    const inbox = inboxOf(server.connect(`${ALICE}/y`));
    await publish(DEVICES, 'current');
    const owner = 'pubsub xmlns="http://jabber.org/protocol/pubsub#owner"';
    await alice.request(parse(`<iq type="set"><${owner}><delete node="${DEVICES}"/></pubsub></iq>`));
    await server.settle();
    expect(inbox.at(-1)?.toString()).toContain(`<delete node="${DEVICES}"/>`);
    expect(await conditionOf(fetch(alice))).toBe('item-not-found');
  });
});

describe('quirks', () => {
  it('refusing max take numbers', async () => {
    const { alice, publish } = setUp({ quirks: { refusesMax: true } });
    expect(await conditionOf(publish(BUNDLES, '1', openMax))).toBe('not-acceptable');
    await publish(BUNDLES, '1', { ...open, 'pubsub#max_items': '100' });
    const reconfigured = alice.transport.configure({ node: BUNDLES, options: { 'pubsub#max_items': 'max' } });
    expect(await conditionOf(reconfigured)).toBe('not-acceptable');
  });

  it('refusing max_items in publish-options let the node be configured', async () => {
    const { server, alice, publish } = setUp({ quirks: { refusesMaxItemsInPublishOptions: true } });
    expect(await conditionOf(publish(BUNDLES, '1', openMax))).toBe('resource-constraint');
    expect(server.node(ALICE, BUNDLES)).toBeUndefined();
    await publish(BUNDLES, '1', open);
    await alice.transport.configure({ node: BUNDLES, options: { 'pubsub#max_items': 'max' } });
    await publish(BUNDLES, '2', open);
    expect(server.node(ALICE, BUNDLES)?.items.size).toBe(2);
  });

  it('ignoring publish-options leave the default access model, silently', async () => {
    const { server, bob, publish, fetch } = setUp();
    server.quirks.ignoresPublishOptions = true;
    server.quirks.defaultAccessModel = 'whitelist';
    await publish(DEVICES, 'current', openMax);
    expect(server.node(ALICE, DEVICES)?.options).toMatchObject({
      'pubsub#access_model': 'whitelist',
      'pubsub#max_items': '1',
    });
    expect(await conditionOf(fetch(bob))).toBe('forbidden');
  });

  it('sparing the publisher the event', async () => {
    const { server, alice, publish } = setUp({ quirks: { noEventToPublisher: true } });
    const inbox = inboxOf(alice);
    await publish(DEVICES, 'current');
    await server.settle();
    expect(inbox).toEqual([]);
  });
});

it('says by disco what it can', async () => {
  const { server, alice } = setUp();
  const features = async () => {
    const iq = parse('<iq type="get"><query xmlns="http://jabber.org/protocol/disco#info"/></iq>');
    const query = (await alice.request(iq)).getChild('query');
    return query?.getChildren('feature').map(({ attrs }) => attrs['var']);
  };
  expect(await features()).toContain('http://jabber.org/protocol/pubsub#config-node-max');
  server.quirks.refusesMax = true;
  expect(await features()).not.toContain('http://jabber.org/protocol/pubsub#config-node-max');
});

it('gives the owner the configuration to read', async () => {
  const { alice, publish } = setUp();
  await publish(DEVICES, 'current', open);
  const owner = 'pubsub xmlns="http://jabber.org/protocol/pubsub#owner"';
  const answer = await alice.request(parse(`<iq type="get"><${owner}><configure node="${DEVICES}"/></pubsub></iq>`));
  expect(answer.toString()).toContain('<field var="pubsub#access_model"><value>open</value></field>');
});

it.each([
  ['<pubsub xmlns="http://jabber.org/protocol/pubsub"><publish node="n"/></pubsub>', 'bad-request+payload-required'],
  ['<pubsub xmlns="http://jabber.org/protocol/pubsub"><publish/></pubsub>', 'bad-request+nodeid-required'],
  ['<pubsub xmlns="http://jabber.org/protocol/pubsub"/>', 'bad-request'],
  ['<pubsub xmlns="http://jabber.org/protocol/pubsub"><dance node="n"/></pubsub>', 'feature-not-implemented'],
  ['<query xmlns="urn:unheard-of"/>', 'service-unavailable'],
  ['<a xmlns="b"/><a xmlns="b"/>', 'bad-request'],
])('refuses %s', async (content, condition) => {
  const { alice } = setUp();
  expect(await conditionOf(alice.request(parse(`<iq type="set">${content}</iq>`)))).toBe(condition);
});
