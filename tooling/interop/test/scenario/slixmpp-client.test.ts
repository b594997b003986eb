import { afterAll, beforeAll, expect, it } from 'vitest';
import { Prosody, SlixmppClient, type XmppServer } from '../../src/index.ts';
import { describePeer } from '../../src/vitest/index.ts';

describePeer(['prosody', 'slixmpp'], 'clients on slixmpp and python-omemo', () => {
  let server: XmppServer;
  let alice: SlixmppClient;
  let bob: SlixmppClient;
  beforeAll(async () => {
    server = await Prosody.start({ accounts: ['alice', 'bob', 'carol'] });
    [alice, bob] = await Promise.all([start('alice', 'desk'), start('bob')]);
  });
  afterAll(async () => {
    await Promise.all([alice?.close(), bob?.close()]);
    await server?.close();
  });

  const start = (name: string, label?: string): Promise<SlixmppClient> => {
    const options = { ...server.account(name), port: server.c2sPort };
    return SlixmppClient.start(label === undefined ? options : { ...options, label });
  };

  it('talk one to one, answer key exchanges, and copy what they send to their other devices', async () => {
    const sent = await alice.send({ to: bob.jid, body: 'hello' });
    expect(await bob.next('message')).toMatchObject({
      body: 'hello',
      id: sent.id,
      sender: alice.jid,
      senderKey: alice.about.identityKey,
    });
    expect(await alice.next('empty')).toMatchObject({ sender: bob.jid });
    expect(await bob.devices(alice.jid)).toMatchObject([{ deviceId: alice.deviceId, label: 'desk' }]);

    await using tablet = await start('alice');
    await bob.send({ to: alice.jid, body: 'to both' });
    expect([(await alice.next('message')).body, (await tablet.next('message')).body]).toEqual(['to both', 'to both']);
    await tablet.send({ to: bob.jid, body: 'from the tablet' });
    expect(await alice.next('message')).toMatchObject({ body: 'from the tablet', carbon: 'sent' });
    expect(await bob.next('message')).toMatchObject({ body: 'from the tablet' });
    await bob.sendPlain({ to: alice.jid, body: 'in the clear' });
    expect(await alice.next('plain')).toMatchObject({ body: 'in the clear' });
  });

  it('talk in a room, also to members who are not in it', async () => {
    await using carol = await start('carol');
    const room = `den@${server.mucDomain}`;
    await alice.join(room, 'a');
    for (const { jid } of [bob, carol]) await alice.setAffiliation(room, jid, 'member');
    await bob.join(room, 'b');
    expect(await bob.members(room)).toEqual([alice.jid, bob.jid, carol.jid]);
    await alice.sendToRoom(room, 'to the den');
    expect(await bob.next('message')).toMatchObject({ body: 'to the den', room, sender: alice.jid });
    await carol.join(room, 'c');
    await bob.sendToRoom(room, 'to all');
    expect(await Promise.all([alice.next('message'), carol.next('message')])).toMatchObject([
      { body: 'to all', sender: bob.jid },
      { body: 'to all', sender: bob.jid },
    ]);
  });

  it('are told to be refused, or that no server is there', async () => {
    const { jid } = server.account('alice');
    const wrong = SlixmppClient.start({ jid, password: 'guessed', port: server.c2sPort });
    await expect(wrong).rejects.toMatchObject({
      code: 'peer-unavailable',
      message: expect.stringContaining('not authorized'),
    });
    const nowhere = SlixmppClient.start({ jid, password: 'guessed', port: 1 });
    await expect(nowhere).rejects.toMatchObject({
      code: 'peer-unavailable',
      message: expect.stringContaining('no connection'),
    });
  });

  it('tell that the server is gone, and end', async () => {
    await using other = await Prosody.start({ accounts: ['dave'] });
    const dave = await SlixmppClient.start({ ...other.account('dave'), port: other.c2sPort });
    await other.close();
    await dave.next('disconnected');
    await dave.close();
    await expect(dave.send({ to: 'alice@localhost', body: 'hello' })).rejects.toMatchObject({ code: 'peer-closed' });
  });
});
