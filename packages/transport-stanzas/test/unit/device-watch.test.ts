import { TransportError } from '@omemo-kit/omemo-core';
import { describe, expect, test } from 'vitest';
import { DeviceWatch, subscribeToDevices, unsubscribeFromDevices } from '../../src/index.ts';
import { FakeChannel } from '../fake-channel.ts';

const pubsub = 'http://jabber.org/protocol/pubsub';
const devices = 'urn:xmpp:omemo:2:devices';
const bob = 'bob@example.net';

function watching(answer: FakeChannel['answer'] = () => '<iq type="result"/>') {
  const channel = new FakeChannel();
  channel.answer = answer;
  const fetched: string[] = [];
  const devicesOf = async (jid = '') => {
    fetched.push(jid);
    return [];
  };
  const omemo = { devices: devicesOf };
  let now = 0;
  const pass = (time: number) => {
    now += time;
  };
  const watch = new DeviceWatch({ channel, omemo, clock: () => now });
  return { channel, fetched, watch, pass };
}

describe('device lists without presence subscription', () => {
  test('the account subscribes to the node, by its bare JID, and ends that (XEP-0060 6.1, R49)', async () => {
    const channel = new FakeChannel();
    await subscribeToDevices(channel, `${bob}/desk`);
    await unsubscribeFromDevices(channel, bob);
    expect(channel.requests.map(String)).toEqual(
      ['subscribe', 'unsubscribe'].map(
        (action) =>
          `<iq type="set" to="${bob}"><pubsub xmlns="${pubsub}"><${action} node="${devices}" jid="alice@example.org"/></pubsub></iq>`,
      ),
    );
  });

  test('a list that is pushed is fetched once, in case it changed before (R49)', async () => {
    const { watch, fetched, pass } = watching();
    expect(await watch.watch(bob)).toBe('subscribed');
    pass(60_000);
    await watch.focus(bob);
    expect(fetched).toEqual([bob]);
  });

  test('one that nobody pushes is fetched when the user turns to the chat, but not at every key (R49)', async () => {
    const { watch, fetched, pass } = watching(() => new TransportError('forbidden'));
    expect(await watch.watch(bob)).toBe('fetched');
    await watch.focus(bob);
    expect(fetched).toEqual([bob]);
    pass(60_000);
    await watch.focus(bob);
    await watch.focus(bob);
    expect(fetched).toEqual([bob, bob]);
  });

  test('an account that is not watched is fetched too', async () => {
    const { watch, fetched } = watching();
    await watch.focus(bob);
    expect(fetched).toEqual([bob]);
  });

  test('no connection is no refusal', async () => {
    const { watch } = watching(() => new TransportError('disconnected'));
    await expect(watch.watch(bob)).rejects.toMatchObject({ condition: 'disconnected' });
  });

  test('unwatching ends a subscription that there is', async () => {
    const { watch, channel } = watching();
    await watch.watch(bob);
    await watch.unwatch(bob);
    await watch.unwatch(bob);
    expect(channel.requests.map((iq) => iq.getChild('pubsub')?.getChildElements()[0]?.name)).toEqual([
      'subscribe',
      'unsubscribe',
    ]);
  });
});
