import { errorOf, resultOf, xml } from '@omemo-kit/transport-stanzas';
import { client, xml as xmppXml } from '@xmpp/client';
import { parse } from 'ltx';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type XmppClient, xmppjsChannel } from '../../src/index.ts';
import { FakeXmpp } from './fake-xmpp.ts';

const message = () => xml('message', { id: 'm1', to: 'bob@example.net' }, xml('body', {}, 'hello'));
const channelOf = (change: Partial<FakeXmpp> = {}) => {
  const xmpp = Object.assign(new FakeXmpp(), change);
  return { xmpp, channel: xmppjsChannel(xmpp as unknown as XmppClient) };
};
/** Everything that is under way without a timer has happened. */
const turn = () => new Promise<void>((resolve) => void setImmediate(resolve));

afterEach(() => void vi.useRealTimers());

describe('xmppjsChannel', () => {
  test('takes what @xmpp/client makes', () => {
    const xmpp: XmppClient = client({ service: 'xmpp://127.0.0.1', domain: 'example.org', username: 'alice' });
    const channel = xmppjsChannel(xmpp);
    expect([channel.jid, channel.online]).toEqual(['alice@example.org', false]);
  });

  test('elements cross the border as copies, each side of its own class', async () => {
    const { xmpp, channel } = channelOf();
    const stanza = message();
    void channel.send(stanza);
    await turn();
    expect(xmpp.sent[0]).toBeInstanceOf(xmppXml('a').constructor);
    expect(String(xmpp.sent[0])).toBe(String(stanza));
    const heard: unknown[] = [];
    const off = channel.onStanza((one) => heard.push(one));
    const stream = parse('<stream xmlns="jabber:client"><message from="bob@example.net"/><iq type="result"/></stream>');
    for (const child of stream.getChildElements()) xmpp.emit('stanza', child);
    expect(heard.map(String)).toEqual(['<message from="bob@example.net" xmlns="jabber:client"/>']);
    off();
    xmpp.emit('stanza', stream.getChildElements()[0]);
    expect(heard).toHaveLength(1);
  });

  test('a stanza is accepted once the server acknowledges it, and not before', async () => {
    const { xmpp, channel } = channelOf();
    let outcome: string | undefined;
    void channel.send(message()).then((said) => {
      outcome = said;
    });
    await turn();
    expect(outcome).toBeUndefined();
    xmpp.acknowledge();
    await turn();
    expect(outcome).toBe('accepted');
  });

  test('a connection that breaks ends the waiting; an acknowledgement in the resumed session is told by id', async () => {
    const { xmpp, channel } = channelOf();
    const late: string[] = [];
    channel.onAccepted?.((id) => late.push(id));
    const sending = channel.send(message());
    const failing = expect(channel.request(xml('iq', { type: 'get' }))).resolves.toBeDefined();
    await failing;
    await turn();
    xmpp.become('disconnect');
    expect(await sending).toBe('handed-over');
    xmpp.acknowledge();
    expect(late).toEqual(['m1']);
  });

  test('what the next session cannot go on with is not told as accepted', async () => {
    const { xmpp, channel } = channelOf();
    const late: string[] = [];
    channel.onAccepted?.((id) => late.push(id));
    const sending = channel.send(message());
    await turn();
    xmpp.become('disconnect');
    await sending;
    const [lost] = xmpp.streamManagement.outbound_q.splice(0);
    xmpp.streamManagement.emit('fail', lost?.stanza);
    xmpp.streamManagement.emit('ack', lost?.stanza);
    expect(late).toEqual([]);
  });

  test('a server that does not acknowledge in time has only been handed the stanza', async () => {
    vi.useFakeTimers();
    const { xmpp, channel } = channelOf();
    const late: string[] = [];
    channel.onAccepted?.((id) => late.push(id));
    const sending = channel.send(message());
    await vi.advanceTimersByTimeAsync(30_000);
    expect(await sending).toBe('handed-over');
    xmpp.acknowledge();
    expect(late).toEqual(['m1']);
  });

  test('without stream management the answer to a ping says that the server has a message', async () => {
    const { xmpp, channel } = channelOf({ management: 'off' });
    expect(await channel.send(message())).toBe('accepted');
    expect(xmpp.asked.map((iq) => iq.attrs['to'])).toEqual(['example.org']);
    expect(await channel.send(xml('presence', {}))).toBe('handed-over');
    expect(xmpp.asked).toHaveLength(1);
    const refusal = parse(
      '<iq type="error"><error><service-unavailable xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error></iq>',
    );
    xmpp.answer = () =>
      Promise.reject(Object.assign(new Error(), { name: 'StanzaError', element: refusal.getChild('error') }));
    expect(await channel.send(message())).toBe('accepted');
    xmpp.answer = () => Promise.reject(Object.assign(new Error(), { name: 'TimeoutError' }));
    expect(await channel.send(message())).toBe('handed-over');
  });

  test('requests get an id that cannot be guessed, and errors keep the whole answer', async () => {
    const { xmpp, channel } = channelOf();
    await channel.request(xml('iq', { type: 'get', id: '1' }));
    await channel.request(xml('iq', { type: 'get', id: '1' }));
    const ids = xmpp.asked.map((iq) => iq.attrs['id'] as string);
    expect(new Set([...ids, '1']).size).toBe(3);
    for (const id of ids) expect(id.length).toBeGreaterThanOrEqual(16);
    const answer = parse(
      '<iq type="error"><encrypted xmlns="urn:xmpp:omemo:2"/><error><gone xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error></iq>',
    );
    xmpp.answer = () =>
      Promise.reject(Object.assign(new Error(), { name: 'StanzaError', element: answer.getChild('error') }));
    const error = await channel.request(xml('iq', { type: 'get' })).catch((reason) => reason);
    expect(error).toMatchObject({ name: 'TransportError', condition: 'gone' });
    expect(error.answer.getChild('encrypted')).toBeDefined();
  });

  test('a connection that is gone ends requests, and takes nothing', async () => {
    const { xmpp, channel } = channelOf({ answer: () => new Promise(() => undefined) });
    const asking = channel.request(xml('iq', { type: 'get' }));
    xmpp.become('disconnect');
    await expect(asking).rejects.toMatchObject({ condition: 'disconnected' });
    await expect(channel.send(message())).rejects.toMatchObject({ condition: 'disconnected' });
    await expect(channel.request(xml('iq', { type: 'get' }))).rejects.toMatchObject({ condition: 'disconnected' });
    expect(xmpp.sent).toEqual([]);
  });

  test('requests and stanzas can be aborted', async () => {
    const { channel } = channelOf({ answer: () => new Promise(() => undefined) });
    const abort = new AbortController();
    const asking = channel.request(xml('iq', { type: 'get' }), abort.signal);
    const sending = channel.send(message(), abort.signal);
    abort.abort();
    await expect(asking).rejects.toMatchObject({ condition: 'aborted' });
    await expect(sending).rejects.toMatchObject({ condition: 'aborted' });
  });

  test('tells of sessions, new and resumed, and of their end once', async () => {
    const { xmpp, channel } = channelOf({ status: 'offline' });
    const told: string[] = [];
    channel.onOnline((session) => told.push(session));
    channel.onOffline(() => told.push('gone'));
    xmpp.become('online');
    for (const status of ['closing', 'close', 'disconnect']) xmpp.become(status);
    expect(channel.online).toBe(false);
    // xmpp.js says so before the client is usable.
    xmpp.streamManagement.emit('resumed');
    expect(channel.online).toBe(false);
    xmpp.status = 'online';
    await turn();
    expect(channel.online).toBe(true);
    expect(told).toEqual(['new', 'gone', 'resumed']);
  });

  test('answers what it is asked, in the form that xmpp.js wants', async () => {
    const { xmpp, channel } = channelOf();
    const asked = (name: string) =>
      parse(`<iq type="get" id="1" from="bob@example.net/desk"><${name} xmlns="x"/></iq>`);
    expect(await xmpp.receive(asked('result'))).toBe('nobody');
    channel.onRequest((iq) => {
      const [child] = iq.getChildElements();
      if (child?.name === 'result') return resultOf(iq, xml('told', { xmlns: 'x' }));
      if (child?.name === 'empty') return resultOf(iq);
      if (child?.name === 'error') return errorOf(iq, 'forbidden', 'auth');
      if (child?.name === 'elsewhere') return 'answered';
      if (child?.name === 'broken') throw new RangeError('broken');
      return undefined;
    });
    expect(String(await xmpp.receive(asked('result')))).toBe('<told xmlns="x"/>');
    expect(await xmpp.receive(asked('result'))).toBeInstanceOf(xmppXml('a').constructor);
    expect(await xmpp.receive(asked('empty'))).toEqual({});
    expect(String(await xmpp.receive(asked('error')))).toContain('<forbidden');
    expect(String(await xmpp.receive(asked('broken')))).toContain('<internal-server-error');
    expect(await xmpp.receive(asked('other'))).toBe('nobody');
    const elsewhere = xmpp.receive(asked('elsewhere'));
    expect(await Promise.race([elsewhere, turn().then(() => 'open')])).toBe('open');
    expect(await xmpp.receive(parse('<iq type="result" id="1"/>'))).toBe('nobody');
  });

  test('a request that is answered elsewhere leaves nothing behind: no promise is waited for by two of them', async () => {
    const { xmpp, channel } = channelOf();
    channel.onRequest(() => 'answered');
    // An async function that returns a promise waits for it by `then`: a promise that outlives the request keeps all that.
    const waiting: unknown[] = [];
    const { then } = Promise.prototype;
    Reflect.set(Promise.prototype, 'then', function (this: unknown, ...how: unknown[]) {
      waiting.push(this);
      return Reflect.apply(then, this, how);
    });
    try {
      for (let n = 0; n < 5; n++) {
        void xmpp.receive(parse(`<iq type="get" id="${n}" from="bob@example.net/desk"><ask xmlns="x"/></iq>`));
        await turn();
      }
    } finally {
      Reflect.set(Promise.prototype, 'then', then);
    }
    expect(waiting.length).toBeGreaterThanOrEqual(5);
    expect(new Set(waiting).size).toBe(waiting.length);
  });
});
