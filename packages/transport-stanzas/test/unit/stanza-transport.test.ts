import { TransportError } from '@omemo-kit/omemo-core/ports';
import { parse } from 'ltx';
import { describe, expect, test } from 'vitest';
import { stanzaTransport, transportErrorOf, xml } from '../../src/index.ts';
import { FakeChannel } from '../fake-channel.ts';

const pubsub = 'http://jabber.org/protocol/pubsub';

describe('stanzaTransport', () => {
  test('publishes an item with publish-options (XEP-0060 7.1.5)', async () => {
    const channel = new FakeChannel();
    const item = { id: 'current', payload: xml('devices', { xmlns: 'urn:xmpp:omemo:2' }) };
    await stanzaTransport(channel).publish({ node: 'n', item, options: { 'pubsub#access_model': 'open' } });
    expect(channel.requests.map(String)).toEqual([
      `<iq type="set"><pubsub xmlns="${pubsub}"><publish node="n"><item id="current"><devices xmlns="urn:xmpp:omemo:2"/></item></publish>` +
        '<publish-options><x xmlns="jabber:x:data" type="submit">' +
        `<field var="FORM_TYPE" type="hidden"><value>${pubsub}#publish-options</value></field>` +
        '<field var="pubsub#access_model"><value>open</value></field></x></publish-options></pubsub></iq>',
    ]);
  });

  test('fetches items of any account, and only those that hold something', async () => {
    const channel = new FakeChannel();
    channel.answer = () =>
      `<iq type="result"><pubsub xmlns="${pubsub}"><items node="n"><item id="1"><a xmlns="x"/></item><item id="2"/></items></pubsub></iq>`;
    const items = await stanzaTransport(channel).fetch({ jid: 'bob@example.net', node: 'n', itemIds: ['1', '2'] });
    expect(items.map(({ id, payload }) => [id, payload.toString()])).toEqual([['1', '<a xmlns="x"/>']]);
    expect(String(channel.requests[0])).toBe(
      `<iq type="get" to="bob@example.net"><pubsub xmlns="${pubsub}"><items node="n"><item id="1"/><item id="2"/></items></pubsub></iq>`,
    );
  });

  test('an answer without items is none', async () => {
    const items = await stanzaTransport(new FakeChannel()).fetch({ jid: 'bob@example.net', node: 'n' });
    expect(items).toEqual([]);
  });

  test('configures and retracts as owner, and contacts hear of what is retracted', async () => {
    const channel = new FakeChannel();
    const transport = stanzaTransport(channel);
    await transport.configure({ node: 'n', options: { 'pubsub#max_items': 'max' } });
    await transport.retract({ node: 'n', itemId: '7' });
    expect(channel.requests.map(String)).toEqual([
      `<iq type="set"><pubsub xmlns="${pubsub}#owner"><configure node="n"><x xmlns="jabber:x:data" type="submit">` +
        `<field var="FORM_TYPE" type="hidden"><value>${pubsub}#node_config</value></field>` +
        '<field var="pubsub#max_items"><value>max</value></field></x></configure></pubsub></iq>',
      `<iq type="set"><pubsub xmlns="${pubsub}"><retract node="n" notify="true"><item id="7"/></retract></pubsub></iq>`,
    ]);
  });

  test('an error keeps its condition, and the one of the application', () => {
    const error = transportErrorOf(
      parse(
        '<iq type="error"><error type="cancel"><conflict xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/>' +
          `<text xmlns="urn:ietf:params:xml:ns:xmpp-stanzas">no</text><precondition-not-met xmlns="${pubsub}#errors"/></error></iq>`,
      ),
    );
    expect(error).toBeInstanceOf(TransportError);
    expect(error).toMatchObject({ condition: 'conflict', applicationCondition: 'precondition-not-met' });
    expect(transportErrorOf(parse('<iq type="error"/>')).condition).toBe('undefined-condition');
  });
});
