import { isPublishTo, type Quirks } from '@omemo-kit/loopback';
import type { NodeConfigurationReport } from '@omemo-kit/omemo-core';
import { describe, expect, test } from 'vitest';
import { World } from '../../src/world.ts';

const DEVICES = 'urn:xmpp:omemo:2:devices';
const BUNDLES = 'urn:xmpp:omemo:2:bundles';
const ALICE = 'alice@example.org';

interface Found {
  readonly quirks?: Partial<Quirks>;
  readonly bundles?: Readonly<Record<string, string>>;
  readonly devices?: Readonly<Record<string, string>>;
}

/** Starts a device where nodes are as somebody left them; returns what is reported, and the nodes as they are then. */
async function started({ quirks = {}, bundles, devices }: Found) {
  const world = new World({ quirks });
  world.server.register(ALICE);
  if (bundles !== undefined) world.server.createNode({ jid: ALICE, node: BUNDLES, options: bundles });
  if (devices !== undefined) world.server.createNode({ jid: ALICE, node: DEVICES, options: devices });
  const alice = await world.client(`${ALICE}/phone`);
  const reports: NodeConfigurationReport[] = [];
  alice.omemo.on('node-configuration', (report) => reports.push(report));
  await alice.omemo.start();
  await world.calm();
  const optionsOf = (node: string) => world.server.node(ALICE, node)!.options;
  return { world, alice, reports, optionsOf };
}

describe('nodes of the own account', () => {
  test('that are made by us are open, keep their items, hold many, and nothing is reported (R51, R65, R66, R68, R120-R123)', async () => {
    const { world, reports, optionsOf } = await started({});
    expect(optionsOf(DEVICES)).toMatchObject({ 'pubsub#access_model': 'open', 'pubsub#persist_items': 'true' });
    expect(optionsOf(BUNDLES)).toMatchObject({
      'pubsub#access_model': 'open',
      'pubsub#persist_items': 'true',
      'pubsub#max_items': 'max',
    });
    expect(reports).toEqual([]);
    // The options came along with the first publication: no other client ever saw the node otherwise.
    const [first] = world.server.log.filter(({ stanza }) => isPublishTo(BUNDLES)(stanza));
    const fields = first!.stanza.getChild('pubsub')!.getChild('publish-options')!.getChild('x')!.getChildren('field');
    const values = Object.fromEntries(fields.map((field) => [field.attrs['var'], field.getChildText('value')]));
    expect(values).toMatchObject({ 'pubsub#max_items': 'max', 'pubsub#access_model': 'open' });
  });

  test.each(['whitelist', 'presence', 'roster', 'authorize'])(
    'that somebody made %s are opened, and that is reported (S54, R67)',
    async (access) => {
      const options = { 'pubsub#access_model': access };
      const { reports, optionsOf } = await started({
        bundles: { ...options, 'pubsub#max_items': 'max' },
        devices: options,
      });
      for (const node of [BUNDLES, DEVICES]) {
        expect(optionsOf(node)['pubsub#access_model']).toBe('open');
        expect(reports).toContainEqual({
          node,
          field: 'pubsub#access_model',
          asked: 'open',
          got: 'open',
          outcome: 'repaired',
        });
      }
      expect(reports).toHaveLength(2);
    },
  );

  test('that somebody made for one item are widened before anything is put there, and that is reported (S55, R65)', async () => {
    const { reports, optionsOf } = await started({
      bundles: { 'pubsub#access_model': 'open', 'pubsub#max_items': '1' },
    });
    expect(optionsOf(BUNDLES)['pubsub#max_items']).toBe('max');
    expect(reports).toEqual([
      { node: BUNDLES, field: 'pubsub#max_items', asked: 'max', got: 'max', outcome: 'repaired' },
    ]);
  });

  test('that forget their items are made to keep them (R120)', async () => {
    const options = { 'pubsub#access_model': 'open', 'pubsub#persist_items': 'false', 'pubsub#max_items': 'max' };
    const { world, reports, optionsOf } = await started({ bundles: options });
    expect(optionsOf(BUNDLES)['pubsub#persist_items']).toBe('true');
    expect(world.server.node(ALICE, BUNDLES)!.items.size).toBe(1);
    expect(reports).toMatchObject([{ field: 'pubsub#persist_items', outcome: 'repaired' }]);
  });

  test('are configured when the options are not met although they seem to be (R67)', async () => {
    const { world, alice, optionsOf } = await started({});
    const node = {
      jid: ALICE,
      node: BUNDLES,
      options: { 'pubsub#access_model': 'whitelist', 'pubsub#max_items': '1' },
    };
    // By another client, after this one looked.
    world.server.createNode(node);
    await alice.omemo.rotateSignedPreKey();
    await world.calm();
    expect(optionsOf(BUNDLES)).toMatchObject({ 'pubsub#access_model': 'open', 'pubsub#max_items': 'max' });
    expect(world.server.node(ALICE, BUNDLES)!.items.size).toBe(1);
  });

  test('that are not as the options say are configured before anything is published, or other bundles were pushed out (R67)', async () => {
    const world = new World();
    const [phone, laptop] = await world.started(`${ALICE}/phone`, `${ALICE}/laptop`);
    const id = String(laptop.omemo.deviceId);
    const payload = world.server.node(ALICE, BUNDLES)!.items.get(id)!;
    // By another client, after both looked: a node for one item, which is the laptop's.
    const options = { 'pubsub#access_model': 'open', 'pubsub#max_items': '1' };
    world.server.createNode({ jid: ALICE, node: BUNDLES, options });
    await laptop.connection.transport.publish({ node: BUNDLES, item: { id, payload } });
    await phone.omemo.rotateSignedPreKey();
    await world.calm();
    expect([...world.server.node(ALICE, BUNDLES)!.items.keys()]).toEqual([id, String(phone.omemo.deviceId)]);
  });
});

describe('servers that lack something', () => {
  test('"max": a number is asked for, and that is reported (X05, R122)', async () => {
    const { reports, optionsOf } = await started({ quirks: { refusesMax: true } });
    expect(optionsOf(BUNDLES)['pubsub#max_items']).toBe('1000');
    expect(reports).toContainEqual({
      node: BUNDLES,
      field: 'pubsub#max_items',
      asked: 'max',
      got: '1000',
      outcome: 'worked-around',
    });
  });

  test('max_items among publish-options: published without, configured after, and reported (X05, R121)', async () => {
    const { world, alice, reports, optionsOf } = await started({ quirks: { refusesMaxItemsInPublishOptions: true } });
    expect(optionsOf(BUNDLES)).toMatchObject({ 'pubsub#access_model': 'open', 'pubsub#max_items': 'max' });
    expect(reports).toContainEqual(
      expect.objectContaining({
        node: BUNDLES,
        field: 'publish-options',
        got: 'resource-constraint',
        outcome: 'worked-around',
      }),
    );
    const told = reports.length;
    await alice.omemo.rotateSignedPreKey();
    await world.calm();
    expect(reports).toHaveLength(told);
    expect(
      world.server.log.filter(({ direction, stanza }) => {
        return (
          direction === 'to-server' && isPublishTo(BUNDLES)(stanza) && stanza.toString().includes('publish-options')
        );
      }),
    ).toHaveLength(1);
  });

  test('publish-options: what they did not do is seen and repaired (S54, R121)', async () => {
    const { reports, optionsOf } = await started({
      quirks: { ignoresPublishOptions: true, defaultAccessModel: 'whitelist' },
    });
    for (const node of [BUNDLES, DEVICES]) {
      expect(optionsOf(node)['pubsub#access_model']).toBe('open');
      expect(reports).toContainEqual(
        expect.objectContaining({ node, field: 'pubsub#access_model', got: 'open', outcome: 'repaired' }),
      );
    }
  });

  test('room for more than ten bundles: OMEMO works, and it is reported (S55)', async () => {
    const { alice, reports } = await started({
      quirks: { maxItems: 10, refusesMax: true },
      bundles: { 'pubsub#access_model': 'open', 'pubsub#max_items': '1' },
    });
    const ofItems = reports.filter(({ field }) => field === 'pubsub#max_items');
    expect(ofItems).toEqual([
      { node: BUNDLES, field: 'pubsub#max_items', asked: 'max', got: '10', outcome: 'worked-around' },
    ]);
    expect((await alice.omemo.devices()).map(({ listed }) => listed)).toEqual([true]);
  });

  test('open nodes: contacts can read, which is reported and not fatal; a whitelist is fatal (R51, R123, S54)', async () => {
    for (const access of ['presence', 'whitelist']) {
      const world = new World();
      world.server.createNode({ jid: ALICE, node: BUNDLES, options: { 'pubsub#access_model': access } });
      const isConfigure = (stanza: { toString(): string }) => /<configure [^>]*><x/u.test(stanza.toString());
      world.server.faults.fail({ direction: 'to-server', matches: isConfigure }, { condition: 'not-allowed' });
      const alice = await world.client(`${ALICE}/phone`);
      const reports: NodeConfigurationReport[] = [];
      alice.omemo.on('node-configuration', (report) => reports.push(report));
      if (access === 'presence') await alice.omemo.start();
      else await expect(alice.omemo.start()).rejects.toMatchObject({ code: 'publication-failed' });
      await world.quiet();
      expect(reports).toContainEqual({
        node: BUNDLES,
        field: 'pubsub#access_model',
        asked: 'open',
        got: access,
        outcome: 'remains',
      });
    }
  });
});

test('nodes that another client closed and narrowed while this device was away are repaired by start, though nothing is to be published (R51, R68, S54)', async () => {
  const { world, alice, reports, optionsOf } = await started({});
  const { transport } = alice.connection;
  await transport.configure({ node: DEVICES, options: { 'pubsub#access_model': 'whitelist' } });
  const narrow = { 'pubsub#access_model': 'presence', 'pubsub#max_items': '1' };
  await transport.configure({ node: BUNDLES, options: narrow });
  const published = () =>
    world.server.log.filter(({ stanza }) => [BUNDLES, DEVICES].some((node) => isPublishTo(node)(stanza)));
  const before = published().length;
  await alice.omemo.start();
  expect(optionsOf(DEVICES)['pubsub#access_model']).toBe('open');
  expect(optionsOf(BUNDLES)).toMatchObject({ 'pubsub#access_model': 'open', 'pubsub#max_items': 'max' });
  expect(reports.map(({ node, outcome }) => [node, outcome])).toEqual(
    expect.arrayContaining([
      [DEVICES, 'repaired'],
      [BUNDLES, 'repaired'],
    ]),
  );
  expect(published()).toHaveLength(before);
});
