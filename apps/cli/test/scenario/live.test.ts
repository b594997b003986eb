import { Prosody, type XmppServer } from '@omemo-kit/interop';
import { describePeer } from '@omemo-kit/interop/vitest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Person } from '../person.ts';

/** Lines of one type, without what differs from run to run. */
const typed = (said: { readonly lines: readonly { readonly type: string }[] }, type: string) =>
  said.lines.filter((line) => line.type === type);

describePeer('prosody', 'the commands on a real server', () => {
  let server: XmppServer;
  beforeAll(async () => {
    server = await Prosody.start({ accounts: ['alice', 'bob', 'carol'] });
  });
  afterAll(() => server?.close());

  test('login, refusal, trust, send from words and a pipe, listen, who, devices, reset-session', async () => {
    const alice = await Person.at(server, 'alice');
    const bob = await Person.at(server, 'bob', 'websocket');
    const [login] = [await alice.login(), await bob.login('--policy', 'trust-on-first-use')];
    expect(login).toMatchObject({ code: 0, error: '' });
    expect(typed(login, 'account')).toMatchObject([{ jid: alice.jid }]);
    expect(typed(login, 'verification-uri')).toMatchObject([{ uri: expect.stringContaining(`xmpp:${alice.jid}?`) }]);

    // Nothing goes to a device that nobody has decided on (R124).
    const refused = await alice.run(['send', bob.jid, 'hello']);
    expect(refused).toMatchObject({
      code: 1,
      lines: [{ type: 'error', code: 'not-sent', reason: 'undecided-devices', devices: [{ jid: bob.jid }] }],
    });
    const [reader] = typed(await alice.run(['who', bob.jid]), 'reader');
    expect(reader).toMatchObject({ jid: bob.jid, access: 'undecided', trust: 'undecided' });

    // Nobody verifies what they did not name.
    const asked = await alice.run(['trust', bob.jid]);
    expect(asked).toMatchObject({ code: 2, lines: [{ type: 'device', trust: 'undecided' }, { code: 'usage' }] });
    const trusted = await alice.run(['trust', bob.jid, '--all']);
    expect(typed(trusted, 'device')).toMatchObject([{ jid: bob.jid, trust: 'verified' }]);
    expect(await alice.run(['send', bob.jid, 'hello', 'bob'])).toMatchObject({ code: 0 });
    const piped = await alice.run(['send', bob.jid], 'from a pipe\nwith two lines\n');
    expect(typed(piped, 'sent')).toMatchObject([{ to: bob.jid, devices: 1, delivery: 'accepted', skipped: [] }]);

    const listening = bob.start(['listen', '--count', '3']);
    await listening.until('message', 2);
    await alice.run(['send', bob.jid, 'live']);
    const heard = await listening.ended;
    expect(typed(heard, 'message')).toMatchObject([
      { from: alice.jid, text: 'hello bob', trust: 'trusted' },
      { from: alice.jid, text: 'from a pipe\nwith two lines' },
      { from: alice.jid, text: 'live' },
    ]);
    // What was printed does not come again.
    expect(typed(await bob.run(['listen', '--seconds', '1']), 'message')).toEqual([]);

    const audience = await alice.run(['who', bob.jid]);
    expect(typed(audience, 'audience')).toMatchObject([{ readers: 1, unreached: [] }]);
    expect(typed(await bob.run(['devices', alice.jid]), 'device')).toMatchObject([{ jid: alice.jid, listed: true }]);
    const replaced = await alice.run(['reset-session', bob.jid]);
    expect(replaced).toMatchObject({ code: 0, lines: [{ type: 'replaced', jid: bob.jid }] });
    await alice.run(['send', bob.jid, 'over a new session']);
    expect(typed(await bob.run(['listen', '--count', '1']), 'message')).toMatchObject([{ text: 'over a new session' }]);
  });

  test('a URI verifies devices, and tells of those that are not as it says', async () => {
    const alice = await Person.at(server, 'alice');
    const bob = await Person.at(server, 'bob');
    await alice.login();
    const [line] = typed(await bob.login(), 'verification-uri') as unknown as { readonly uri: string }[];
    const uri = line!.uri;
    const verified = await alice.run(['trust', uri]);
    expect(verified.code).toBe(0);
    expect(typed(verified, 'device')).toContainEqual(expect.objectContaining({ jid: bob.jid, trust: 'verified' }));
    const [mine] = typed(await alice.run(['trust', '--uri']), 'verification-uri') as unknown as {
      readonly uri: string;
    }[];
    expect(mine!.uri).toMatch(/^xmpp:alice@/);
    // Alice's key under Bob's device id.
    const other = uri.replace(/=[0-9a-f]{64}/, mine!.uri.match(/=[0-9a-f]{64}/)?.[0] ?? '');
    expect(other).not.toBe(uri);
    expect(await alice.run(['trust', other])).toMatchObject({ code: 1 });
  });

  test('a room: members are added, written to while away, and one that is out reads no more', async () => {
    const [alice, bob, carol] = [
      await Person.at(server, 'alice'),
      await Person.at(server, 'bob'),
      await Person.at(server, 'carol'),
    ];
    for (const person of [alice, bob, carol]) await person.login('--policy', 'blind-trust-before-verification');
    const room = `friends@${server.mucDomain}`;
    const made = await alice.run(['room', `${room}/alice`, '--add', bob.jid, '--add', carol.jid]);
    // Both: Prosody takes only the first of several changes that come in one request.
    const member = (jid: string) => expect.objectContaining({ jid, affiliation: 'member' });
    expect(typed(made, 'room')).toMatchObject([
      { jid: room, members: expect.arrayContaining([member(bob.jid), member(carol.jid)]) },
    ]);
    const listening = bob.start(['listen', '--room', `${room}/bob`, '--count', '1']);
    await listening.until('listening');
    const sent = await alice.run(['room', `${room}/alice`, 'to all']);
    expect(typed(sent, 'sent')).toMatchObject([{ to: room, unreached: [] }]);
    const heard = await listening.ended;
    expect(typed(heard, 'message')).toMatchObject([{ from: alice.jid, room, text: 'to all' }]);

    const away = await alice.run(['room', `${room}/alice`, '--remove', carol.jid, 'without carol']);
    expect(away.code).toBe(0);
    expect(await alice.run(['room', `${room}/alice`, '--remove', 'nobody@localhost'])).toMatchObject({
      code: 1,
      lines: [{ type: 'error', code: 'not-done', message: 'nobody@localhost does not belong to the room' }],
    });
    const who = await alice.run(['who', room]);
    const readers = (typed(who, 'reader') as unknown as { readonly jid: string }[]).map(({ jid }) => jid);
    expect(readers).toContain(bob.jid);
    expect(readers).not.toContain(carol.jid);
    expect(await carol.run(['room', `${room}/carol`])).toMatchObject({ code: 1 });
  });

  test('a room that is not there is told as that, and a person that nobody knows of as one without devices (X43)', async () => {
    const alice = await Person.at(server, 'alice');
    await alice.login();
    const nowhere = `nowhere@${server.mucDomain}`;
    expect(await alice.run(['who', nowhere])).toMatchObject({
      code: 1,
      lines: [{ type: 'error', code: 'not-done', reason: 'item-not-found', message: `there is no room ${nowhere}` }],
    });
    const nobody = await alice.run(['who', 'nobody@localhost']);
    expect(nobody).toMatchObject({ code: 0 });
    expect(typed(nobody, 'audience')).toMatchObject([{ readers: 0 }]);
  });

  test('an opt-out blocks sending until somebody decides', async () => {
    const alice = await Person.at(server, 'alice');
    const bob = await Person.at(server, 'bob');
    for (const person of [alice, bob]) await person.login('--policy', 'blind-trust-before-verification');
    await alice.run(['send', bob.jid, 'hello']);
    await bob.run(['listen', '--count', '1']);
    expect(await bob.run(['send', alice.jid, '--opt-out', 'my screen reader'])).toMatchObject({ code: 0 });
    const told = alice.start(['listen', '--seconds', '20']);
    const [notice] = await told.until('notice');
    expect(notice).toMatchObject({ about: 'opt-out', jid: bob.jid, text: expect.stringContaining('my screen reader') });
    told.interrupt();
    await told.ended;
    const blocked = await alice.run(['send', bob.jid, 'secret']);
    expect(blocked).toMatchObject({ code: 1, lines: [{ type: 'error', code: 'not-sent' }] });
    expect(await alice.run(['send', bob.jid, '--resume', 'still encrypted'])).toMatchObject({ code: 0 });
    expect(typed(await bob.run(['listen', '--count', '1']), 'message')).toMatchObject([{ text: 'still encrypted' }]);
  });

  test('labels, removed devices, deactivation', async () => {
    const [phone, laptop] = [await Person.at(server, 'carol'), await Person.at(server, 'carol')];
    const [made] = typed(await phone.login(), 'account') as unknown as { readonly deviceId: number }[];
    const { deviceId } = made!;
    const second = await laptop.login();
    expect(typed(second, 'device')).toContainEqual(expect.objectContaining({ deviceId, current: false }));
    expect(typed(second, 'notice')).toMatchObject([{ about: 'undecided-devices' }]);
    expect((await phone.run(['devices', '--label', 'phone'])).code).toBe(0);
    const seen = typed(await laptop.run(['devices']), 'device');
    expect(seen).toContainEqual(expect.objectContaining({ deviceId, label: 'phone', listed: true }));
    const left = typed(await laptop.run(['devices', '--remove', String(deviceId)]), 'device');
    expect(left).not.toContainEqual(expect.objectContaining({ deviceId, listed: true }));
    expect(await laptop.run(['devices', '--deactivate'])).toMatchObject({ code: 0, lines: [{ type: 'done' }] });
    // Only login brings it back.
    expect(await laptop.run(['devices'])).toMatchObject({ code: 1, lines: [{ type: 'error', code: 'not-done' }] });
  });

  test('a wrong password, a server that is not there and an account nobody logged in to are told', async () => {
    const alice = await Person.at(server, 'alice');
    expect(await alice.run(['send', 'bob@localhost', 'hello'])).toMatchObject({
      code: 2,
      lines: [{ type: 'error', code: 'no-account' }],
    });
    const nowhere = await alice.run(['login', alice.jid, '--service', 'xmpp://127.0.0.1:1']);
    expect(nowhere).toMatchObject({ code: 1, lines: [{ type: 'error', code: 'server-unreachable' }] });
    const impostor = await Person.at(server, 'bob');
    const wrong = await impostor.run(['login', alice.jid, '--service', server.tcpUrl]);
    expect(wrong).toMatchObject({ code: 2, lines: [{ type: 'error', code: 'login-refused' }] });
  });
});
