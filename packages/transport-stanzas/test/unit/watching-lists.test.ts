import { TransportError } from '@omemo-kit/omemo-core';
import { expect, test } from 'vitest';
import { watchingLists } from '../../src/devices/watching-lists.ts';
import { FakeChannel } from '../fake-channel.ts';

const devices = 'urn:xmpp:omemo:2:devices';
const bundles = 'urn:xmpp:omemo:2:bundles';
const bob = 'bob@example.net';

const asked = (channel: FakeChannel) =>
  channel.requests.map((iq) => iq.getChild('pubsub')?.getChildElements()[0]?.getName());

test('a list that has to be fetched is subscribed to first, once, and the own one and bundles are not (R49)', async () => {
  const channel = new FakeChannel();
  const transport = watchingLists(channel);
  await transport.fetch({ jid: bob, node: devices });
  await transport.fetch({ jid: bob, node: devices });
  await transport.fetch({ jid: bob, node: bundles });
  await transport.fetch({ jid: 'alice@example.org', node: devices });
  expect(asked(channel)).toEqual(['subscribe', 'items', 'items', 'items', 'items']);
});

test('a subscription that is refused keeps nothing from being fetched, and is tried again (R49)', async () => {
  const channel = new FakeChannel();
  channel.answer = (iq) =>
    iq.toString().includes('<subscribe') ? new TransportError('forbidden') : '<iq type="result"/>';
  const transport = watchingLists(channel);
  expect(await transport.fetch({ jid: bob, node: devices })).toEqual([]);
  await transport.fetch({ jid: bob, node: devices });
  expect(asked(channel)).toEqual(['subscribe', 'items', 'subscribe', 'items']);
});
