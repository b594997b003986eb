import { LoopbackServer } from '@omemo-kit/loopback';
import { parse } from 'ltx';
import { expect, it } from 'vitest';
import { type CreateDeviceOptions, InteropError, type Received, TwomemoAccount } from '../../src/index.ts';
import { describePeer, useTwomemoPeer } from '../../src/vitest/index.ts';

// Stands for an SCE envelope, which to python-omemo is bytes.
function envelope(text: string): Uint8Array {
  return new TextEncoder().encode(`<envelope xmlns="urn:xmpp:sce:1"><content>${text}</content></envelope>`);
}

describePeer('twomemo', 'python-omemo as a client of a server', () => {
  const peer = useTwomemoPeer();
  let clients = 0;

  async function client(server: LoopbackServer, jid: string, options: Partial<CreateDeviceOptions> = {}) {
    clients += 1;
    const connection = server.connect(`${jid}/python-${clients}`);
    const account = await TwomemoAccount.open({ peer: peer(), transport: connection.transport, jid, ...options });
    const received: Received[] = [];
    connection.onStanza(async (stanza) => {
      const what = await account.receive(stanza);
      if (what.type !== 'ignored') received.push(what);
    });
    await server.settle();
    received.length = 0; // of its own list, which the server pushes to it as well
    return { account, received };
  }

  it('publishes what the specification asks for', async () => {
    const server = new LoopbackServer();
    const { account } = await client(server, 'alice@a.example');
    const devices = server.node('alice@a.example', 'urn:xmpp:omemo:2:devices');
    expect(devices?.options).toMatchObject({ 'pubsub#access_model': 'open' });
    expect(devices?.items.get('current')?.getChild('device')?.attrs['id']).toBe(String(account.device.deviceId));
    const bundles = server.node('alice@a.example', 'urn:xmpp:omemo:2:bundles');
    expect(bundles?.options).toMatchObject({ 'pubsub#access_model': 'open' });
    expect([...(bundles?.items.keys() ?? [])]).toEqual([String(account.device.deviceId)]);
  });

  it('configures nodes that are there with other options', async () => {
    const server = new LoopbackServer();
    for (const node of ['urn:xmpp:omemo:2:devices', 'urn:xmpp:omemo:2:bundles']) {
      server.createNode({ jid: 'alice@a.example', node, options: { 'pubsub#access_model': 'presence' } });
    }
    await client(server, 'alice@a.example');
    for (const node of ['urn:xmpp:omemo:2:devices', 'urn:xmpp:omemo:2:bundles']) {
      expect(server.node('alice@a.example', node)?.options).toMatchObject({ 'pubsub#access_model': 'open' });
    }
  });

  it('sends envelopes to strangers, reads their answers, and sends and reads empty messages by itself', async () => {
    const server = new LoopbackServer();
    const alice = await client(server, 'alice@a.example');
    const bob = await client(server, 'bob@b.example');
    const stanza = await alice.account.send({ to: 'bob@b.example', envelope: envelope('hello'), id: 'first' });
    expect(stanza.attrs).toMatchObject({ to: 'bob@b.example', type: 'chat', id: 'first' });
    await server.settle();
    expect(bob.received).toMatchObject([
      { type: 'envelope', sender: { jid: 'alice@a.example' }, envelope: envelope('hello') },
    ]);
    expect(alice.received).toMatchObject([{ type: 'empty', sender: { jid: 'bob@b.example' } }]);
    await bob.account.send({ to: 'alice@a.example', envelope: envelope('and back') });
    await server.settle();
    expect(alice.received[1]).toMatchObject({ type: 'envelope', envelope: envelope('and back') });
  });

  it('hears of the other devices of its account, and encrypts to them', async () => {
    const server = new LoopbackServer();
    const phone = await client(server, 'alice@a.example');
    const laptop = await client(server, 'alice@a.example');
    expect(phone.received).toContainEqual({ type: 'devices', jid: 'alice@a.example' });
    const { keys } = await phone.account.run((device) => device.encrypt({ to: [], plaintext: envelope('a note') }));
    expect(keys.map(({ deviceId }) => deviceId)).toEqual([laptop.account.device.deviceId]);
  });

  it('takes the members of a room for the recipients, and is told who sent', async () => {
    const server = new LoopbackServer();
    const alice = await client(server, 'alice@a.example');
    const bob = await client(server, 'bob@b.example');
    const room = 'room@muc.a.example';
    const stanza = messageFrom(
      `${room}/nick`,
      (await alice.account.send({ to: room, members: ['bob@b.example'], envelope: envelope('to all') })).toString(),
    );
    expect(stanza.attrs['type']).toBe('groupchat');
    expect(await bob.account.receive(stanza, 'alice@a.example')).toMatchObject({ envelope: envelope('to all') });
  });

  it('ignores what is no business of OMEMO', async () => {
    const server = new LoopbackServer();
    const { account } = await client(server, 'alice@a.example');
    const body = parse('<message xmlns="jabber:client" from="bob@b.example/x"><body>hello</body></message>');
    expect(await account.receive(body)).toEqual({ type: 'ignored' });
  });

  it('tells what python-omemo refuses to send', async () => {
    const server = new LoopbackServer();
    const alice = await client(server, 'alice@a.example');
    const bob = await client(server, 'bob@b.example', { newDevices: 'undecided' });
    await alice.account.send({ to: 'bob@b.example', envelope: envelope('hello') });
    await server.settle();
    const refused = bob.account.send({ to: 'alice@a.example', envelope: envelope('no') });
    await expect(refused).rejects.toMatchObject({ code: 'peer-refused', details: { exception: 'StillUndecided' } });
  });

  it('sends out what python-omemo had written before it refused', async () => {
    const server = new LoopbackServer();
    const alice = await client(server, 'alice@a.example');
    const bob = await client(server, 'bob@b.example');
    await alice.account.run((device) => device.refreshDevices('bob@b.example'));
    const message = { to: 'bob@b.example', plaintext: envelope('hello') };
    const { xml } = await alice.account.run((device) => device.encrypt(message));
    const refused = bob.account.run(async (device) => {
      const { effects } = await device.decrypt({ sender: 'alice@a.example', xml });
      throw new InteropError('peer-refused', 'after that', { effects });
    });
    await expect(refused).rejects.toMatchObject({ message: 'after that' });
    await server.settle();
    expect(alice.received).toMatchObject([{ type: 'empty', sender: { jid: 'bob@b.example' } }]);
  });

  function messageFrom(from: string, xml: string) {
    const stanza = parse(xml);
    stanza.attrs['from'] = from;
    return stanza;
  }
});
