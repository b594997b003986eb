import { Prosody, QxmppClient } from '@omemo-kit/interop';
import { describePeer } from '@omemo-kit/interop/vitest';
import { xml } from '@omemo-kit/transport-stanzas';
import type { Element } from 'ltx';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { eventually } from '../../src/eventually.ts';
import { strangers, talkInTurns } from '../../src/peer-chat.ts';
import { RealServerUnderTest, ServerProcess } from '../../src/real-server-under-test.ts';

describePeer(['prosody', 'qxmpp'], 'a client on QXmpp', () => {
  const process = new ServerProcess({
    software: 'prosody',
    accounts: 8,
    start: (accounts) => Prosody.start({ accounts }),
  });
  beforeAll(() => process.start());
  afterAll(() => process.close());

  test('is written to first, and both go on', async () => {
    const { ours, theirs } = await strangers(new RealServerUnderTest(process, 'TCP'), QxmppClient.start);
    await ours.say(theirs.jid, 'hello');
    expect(await theirs.next('message')).toMatchObject({ body: 'hello', sender: ours.jid });
    await talkInTurns(ours, theirs, 5);
  });

  test('writes first, and both go on', async () => {
    const { ours, theirs } = await strangers(new RealServerUnderTest(process, 'TCP'), QxmppClient.start);
    await theirs.send({ to: ours.jid, body: 'hello' });
    await eventually(() => ours.texts).toEqual(['hello']);
    await talkInTurns(ours, theirs, 5);
  });

  test('writes several times before it has an answer, with kex on the first only: we read all of it (X30)', async () => {
    const { ours, theirs, server } = await strangers(new RealServerUnderTest(process, 'TCP'), QxmppClient.start);
    await ours.leave();
    // A resource without OMEMO sees what is on the wire, and answers nothing.
    const witness = await server.connect(ours.account, 'witness');
    onTestFinished(() => witness.leave());
    const keys: { kex: string | undefined; firstByte: number }[] = [];
    witness.channel.onStanza((stanza) => void keys.push(...keysOf(stanza)));
    await witness.channel.send(xml('presence', {}));
    for (const body of ['one', 'two', 'three']) await theirs.send({ to: ours.jid, body });
    await eventually(() => keys).toEqual([
      { kex: 'true', firstByte: KEY_EXCHANGE },
      { kex: undefined, firstByte: KEY_EXCHANGE },
      { kex: undefined, firstByte: KEY_EXCHANGE },
    ]);

    const back = await ours.comeBack();
    await eventually(() => back.texts).toEqual(['one', 'two', 'three']);
    await talkInTurns(back, theirs, 2);
  });
});

// The tag of field 1 as an integer, which is the `pk_id` of an OMEMOKeyExchange.
const KEY_EXCHANGE = 0x08;

function keysOf(stanza: Element): { kex: string | undefined; firstByte: number }[] {
  const recipients = stanza.getChild('encrypted')?.getChild('header')?.getChildren('keys') ?? [];
  return recipients
    .flatMap((keys) => keys.getChildren('key'))
    .map((key) => ({ kex: key.attrs['kex'], firstByte: Buffer.from(key.text(), 'base64')[0]! }));
}
