import { Prosody, QxmppClient } from '@omemo-kit/interop';
import { describePeer } from '@omemo-kit/interop/vitest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../../src/eventually.ts';
import { strangers, talkInTurns } from '../../src/peer-chat.ts';
import { ServerProcess } from '../../src/real-server-under-test.ts';

describePeer(['prosody', 'qxmpp'], 'a client on QXmpp', () => {
  const process = new ServerProcess({
    software: 'prosody',
    accounts: 8,
    start: (accounts) => Prosody.start({ accounts }),
  });
  beforeAll(() => process.start());
  afterAll(() => process.close());

  test('is written to first, and both go on', async () => {
    const { ours, theirs } = await strangers(process, QxmppClient.start);
    await ours.say(theirs.jid, 'hello');
    expect(await theirs.next('message')).toMatchObject({ body: 'hello', sender: ours.jid });
    await talkInTurns(ours, theirs, 5);
  });

  test('writes first, and both go on', async () => {
    const { ours, theirs } = await strangers(process, QxmppClient.start);
    await theirs.send({ to: ours.jid, body: 'hello' });
    await eventually(() => ours.texts).toEqual(['hello']);
    await talkInTurns(ours, theirs, 5);
  });

  test('writes several times before it has an answer, with kex on the first only: we read all of it (X30)', async () => {
    const { ours, theirs } = await strangers(process, QxmppClient.start);
    await ours.leave();
    for (const body of ['one', 'two', 'three']) await theirs.send({ to: ours.jid, body });
    const back = await ours.comeBack();
    await eventually(() => back.texts).toEqual(['one', 'two', 'three']);
    await talkInTurns(back, theirs, 2);
  });
});
