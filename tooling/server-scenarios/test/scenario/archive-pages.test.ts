import { xml } from '@omemo-kit/transport-stanzas';
import { expect, test } from 'vitest';
import { describeEachServer } from '../../src/describe-each-server.ts';
import { OtherClient } from '../../src/other-client.ts';

const NS_MAM = 'urn:xmpp:mam:2';
const NS_RSM = 'http://jabber.org/protocol/rsm';
const MESSAGES = 260;

describeEachServer('an archive', (server) => {
  test('has pages of 50 messages at most, or of 250 on ejabberd, and of 20 or 50 for who asks for no number', async () => {
    const { channel, jid } = await OtherClient.online(server, server.freshAccount());
    const sender = await OtherClient.online(server, server.freshAccount());
    const message = (n: number) => xml('message', { to: jid, type: 'chat', id: `m${n}` }, xml('body', {}, String(n)));
    await Promise.all(Array.from({ length: MESSAGES }, (_, n) => sender.channel.send(message(n))));
    const page = async (max?: number) => {
      let results = 0;
      const queryid = `page ${max}`;
      const stop = channel.onStanza((stanza) => {
        if (stanza.getChild('result', NS_MAM)?.attrs['queryid'] === queryid) results += 1;
      });
      const query = xml('query', { xmlns: NS_MAM, queryid });
      if (max !== undefined) query.cnode(xml('set', { xmlns: NS_RSM }, xml('max', {}, String(max))));
      await channel.request(xml('iq', { type: 'set' }, query));
      stop();
      return results;
    };
    const sizes = [await page(), await page(30), await page(1_000)];
    expect(sizes).toEqual(server.software === 'ejabberd' ? [50, 30, 250] : [20, 30, 50]);
  });
});
