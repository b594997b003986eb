import { client } from '@xmpp/client';
import { type Element, parse } from 'ltx';
import { expect, test } from 'vitest';
import { type XmppClient, xmppjsChannel } from '../../src/index.ts';

const SM = 'urn:xmpp:sm:3';

/** A client of xmpp.js as it is after binding, with the test as its server, and a channel on it. */
async function online() {
  const xmpp = client({ service: 'xmpp://127.0.0.1', domain: 'example.org', username: 'alice', password: 'secret' });
  const written: Element[] = [];
  const send = async (element: { toString(): string }): Promise<void> => {
    written.push(parse(element.toString()));
    xmpp.emit('send' as never, element as never);
  };
  Object.assign(xmpp, { Transport: { prototype: { send } }, status: 'online' });
  const channel = xmppjsChannel(xmpp as unknown as XmppClient);
  /** As one read of the socket brings them: one after the other, with nothing in between. */
  const arrive = async (...stanzas: string[]) => {
    for (const stanza of stanzas) xmpp.emit('element' as never, parse(stanza) as never);
    await turn();
  };
  await arrive(`<stream:features><sm xmlns="${SM}"/></stream:features>`);
  return { channel, arrive, written, lastAck: () => written.findLast((stanza) => stanza.is('a', SM))?.attrs['h'] };
}

/** Everything that is under way without a timer has happened. */
const turn = () => new Promise<void>((resolve) => void setImmediate(resolve));
const enabled = `<enabled xmlns="${SM}" id="s1" resume="true"/>`;
const asked = `<r xmlns="${SM}"/>`;
const presence = '<presence from="alice@example.org/other"/>';

test('what comes in one piece with the end of the negotiation is counted, and what came before is not (XEP-0198 4)', async () => {
  const { arrive, lastAck } = await online();
  await arrive(presence);
  await arrive(enabled, presence, asked);
  expect(lastAck()).toBe('1');
  await arrive(asked);
  expect(lastAck()).toBe('1');
  await arrive(presence, asked);
  expect(lastAck()).toBe('2');
});

test('answers to requests are stanzas that were received (XEP-0198 4)', async () => {
  const { channel, arrive, written, lastAck } = await online();
  await arrive(enabled);
  const asking = channel.request(parse('<iq type="get"/>'));
  await turn();
  const { id } = written.findLast((stanza) => stanza.is('iq'))!.attrs;
  await arrive(`<iq type="result" id="${id}"/>`, asked);
  expect((await asking).attrs['type']).toBe('result');
  expect(lastAck()).toBe('1');
});

test('the count goes on in a session that is resumed, and begins again in a new one', async () => {
  const { arrive, lastAck } = await online();
  await arrive(enabled, presence, presence, asked);
  expect(lastAck()).toBe('2');
  await arrive(`<resumed xmlns="${SM}" h="0" previd="s1"/>`, presence, asked);
  expect(lastAck()).toBe('3');
  // With bind 2 (XEP-0386) it is enabled inside of another element.
  const bound = `<bound xmlns="urn:xmpp:bind:0"><enabled xmlns="${SM}" id="s2"/></bound>`;
  await arrive(`<success xmlns="urn:xmpp:sasl:2">${bound}</success>`, presence, asked);
  expect(lastAck()).toBe('1');
});
