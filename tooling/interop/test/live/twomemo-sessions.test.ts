import { type Randomness, systemRandomness } from '@omemo-kit/omemo-core';
import { parseBundle, serializeBundle } from '@omemo-kit/omemo-wire';
import { expect, it } from 'vitest';
import { describePeer, useTwomemoPeer } from '../../src/vitest/index.ts';
import { isEmpty, keyExchangeIn } from './support/letters.ts';
import type { OurClient } from './support/our-client.ts';
import { type Pair, type PairOptions, World } from './support/pair.ts';

const NODE_BUNDLES = 'urn:xmpp:omemo:2:bundles';

describePeer('twomemo', 'sessions between omemo-kit and python-omemo', () => {
  const peer = useTwomemoPeer();
  const open = (options: PairOptions = {}) => new World(peer()).pair(options);

  function publishedBundle({ world }: Pair, { jid, deviceId }: Pick<OurClient, 'jid' | 'deviceId'>) {
    return parseBundle(world.server.node(jid, NODE_BUNDLES)!.items.get(String(deviceId))!);
  }

  /** On the server, so that whoever reads the bundle takes the same one. */
  function leaveOnePreKey({ server }: World, { jid, deviceId }: OurClient): void {
    const { options, items } = server.node(jid, NODE_BUNDLES)!;
    const id = String(deviceId);
    const { preKeys, ...rest } = parseBundle(items.get(id)!);
    const payload = serializeBundle({ ...rest, preKeys: preKeys.slice(0, 1) });
    server.createNode({ jid, node: NODE_BUNDLES, options, items: [{ id, payload }] });
  }

  it('we begin: the key exchange is repeated until it is answered, and not after', async () => {
    const pair = await open();
    for (const text of ['one', 'two', 'three']) await pair.ours.say(pair.theirs.jid, text);
    const letters = pair.mailTo(pair.theirs);
    const exchanges = letters.map(keyExchangeIn);
    expect(new Set(exchanges.map((exchange) => exchange?.ek.toString())).size).toBe(1);
    expect(exchanges[0]).toBeDefined();
    for (const letter of letters) expect(await pair.hand(letter)).toMatchObject({ type: 'read' });
    // It answers each message that carries one, and publishes a bundle without the pre-key.
    expect(pair.world.mail.map(isEmpty)).toEqual([true, true, true]);
    expect(publishedBundle(pair, pair.theirs).preKeys.map(({ id }) => id)).not.toContain(exchanges[0]!.pkId);
    expect(await pair.deliver()).toEqual([{ type: 'empty' }, { type: 'empty' }, { type: 'empty' }]);
    await pair.ours.say(pair.theirs.jid, 'four');
    expect(pair.world.mail.map(keyExchangeIn)).toEqual([undefined]);
    await pair.deliver();
    await pair.talk('after it');
  });

  it('they begin: we answer once, however often they repeat the key exchange', async () => {
    const pair = await open();
    for (const text of ['one', 'two', 'three']) await pair.theirs.say(pair.ours.jid, text);
    const letters = pair.mailTo(pair.ours);
    const exchanges = letters.map(keyExchangeIn);
    expect(exchanges.map((exchange) => exchange?.pkId)).toEqual(Array(3).fill(exchanges[0]!.pkId));
    for (const letter of letters) expect(await pair.hand(letter)).toMatchObject({ type: 'read' });
    expect(pair.world.mail.map(isEmpty)).toEqual([true]);
    const { preKeys } = publishedBundle(pair, pair.ours);
    expect(preKeys).toHaveLength(100);
    expect(preKeys.map(({ id }) => id)).not.toContain(exchanges[0]!.pkId);
    expect(await pair.deliver()).toEqual([{ type: 'empty' }]);
    await pair.theirs.say(pair.ours.jid, 'four');
    expect(pair.world.mail.map(keyExchangeIn)).toEqual([undefined]);
    await pair.deliver();
    await pair.talk('after it');
  });

  it('a session that we replace: what they wrote over the old one is read', async () => {
    const pair = await open();
    await pair.talk('before');
    await pair.theirs.say(pair.ours.jid, 'under way');
    const { jid, deviceId } = pair.theirs;
    expect(await pair.ours.omemo.replaceSessions({ jid })).toEqual([{ jid, deviceId }]);
    await pair.ours.settle();
    const [replacement] = pair.mailTo(pair.theirs);
    expect(keyExchangeIn(replacement!)).toBeDefined();
    const outcomes = [await pair.hand(replacement!), ...(await pair.deliver())];
    expect(outcomes.map(({ type }) => type)).toEqual(['empty', 'read', 'empty']);
    await pair.talk('after');
  });

  it('a session that they replace: what we wrote over the old one is lost to them', async () => {
    const pair = await open();
    await pair.talk('before');
    await pair.ours.say(pair.theirs.jid, 'under way');
    await pair.theirs.account.run((device) => device.replaceSession(pair.ours));
    expect(await pair.deliver()).toEqual([
      { type: 'unread', why: 'DecryptionFailed' },
      { type: 'empty' },
      { type: 'empty' },
    ]);
    await pair.talk('after');
  });

  it('a session that both replace at once', async () => {
    const pair = await open();
    await pair.talk('before');
    await pair.ours.omemo.replaceSessions({ jid: pair.theirs.jid });
    await pair.ours.settle();
    await pair.theirs.account.run((device) => device.replaceSession(pair.ours));
    await pair.deliver();
    await pair.talk('after');
  });

  it.each(['ours', 'theirs'] as const)('%s is restarted in the middle', async (which) => {
    const pair = await open();
    const restart = async () => {
      if (which === 'ours') await pair.ours.restart();
      else await pair.theirs.account.run((device) => device.restart());
    };
    await pair[which].say(pair[which === 'ours' ? 'theirs' : 'ours'].jid, 'before the key exchange is answered');
    await restart();
    expect(await pair.deliver()).toMatchObject([{ type: 'read' }, { type: 'empty' }]);
    await restart();
    await pair.talk('after it');
    // Keys of skipped messages survive as well.
    for (const from of [pair.ours, pair.theirs]) {
      const to = from === pair.ours ? pair.theirs : pair.ours;
      for (const text of ['late', 'later', 'in time']) await from.say(to.jid, text);
      const [late, later, inTime] = pair.mailTo(to);
      expect(await pair.hand(inTime!)).toMatchObject({ type: 'read', text: 'in time' });
      await restart();
      expect(await pair.hand(late!)).toMatchObject({ type: 'read', text: 'late' });
      await restart();
      expect(await pair.hand(later!)).toMatchObject({ type: 'read', text: 'later' });
      expect(await pair.hand(later!)).toMatchObject({ type: to === pair.ours ? 'duplicate' : 'unread' });
      await pair.talk('and on');
    }
  });

  it('we crash with a message encrypted and not sent: the same bytes go out after the restart', async () => {
    let now = 0;
    const pair = await open({ ours: { clock: () => now } });
    await pair.talk('before');
    const { stanza } = await pair.ours.omemo.encrypt({ to: pair.theirs.jid, content: [] });
    pair.world.ledger.note(stanza);
    await pair.ours.restart();
    // What a process that is gone had claimed to send becomes free after a while.
    now += 60_000;
    await pair.ours.settle();
    expect(pair.world.mail.map((letter) => letter.stanza.getChild('encrypted')?.toString())).toEqual([
      stanza.getChild('encrypted')?.toString(),
    ]);
    await pair.deliver();
    await pair.talk('after');
  });

  it('our signed pre-key rotates: a key exchange on the last one is read, on one before it is not', async () => {
    const pair = await open();
    const { spkId } = publishedBundle(pair, pair.ours);
    await pair.theirs.say(pair.ours.jid, 'on the old signed pre-key');
    await pair.theirs.say(pair.ours.jid, 'on it as well');
    const [first, second] = pair.mailTo(pair.ours);
    await pair.ours.omemo.rotateSignedPreKey();
    await pair.ours.settle();
    expect(publishedBundle(pair, pair.ours).spkId).not.toBe(spkId);
    expect(await pair.hand(first!)).toMatchObject({ type: 'read' });
    await pair.ours.omemo.rotateSignedPreKey();
    await pair.ours.settle();
    expect(await pair.hand(second!)).toMatchObject({ type: 'read' }); // its session is there by now
    await pair.deliver();
    await pair.talk('after');

    // By the clock: the old one is deleted a period after it was replaced.
    let now = Date.now();
    const late = await open({ ours: { clock: () => now } });
    await late.theirs.say(late.ours.jid, 'on an old signed pre-key');
    for (let rotation = 1; rotation <= 2; rotation += 1) {
      now += 7 * 24 * 3_600_000;
      await late.ours.settle();
    }
    expect(await late.deliver()).toEqual([{ type: 'unread', why: 'unknown-signed-pre-key' }]);
    // They go on repeating that key exchange, until somebody starts anew.
    expect(await late.tries(late.theirs, 'still on it')).toBe(false);
    await late.say(late.ours, 'a new session');
    await late.talk('after');
  });

  it('their signed pre-key rotates: a key exchange on the last one is read, on one before it is not', async () => {
    const pair = await open();
    await pair.talk('before');
    await pair.theirs.account.run((device) => device.rotateSignedPreKey());
    await pair.talk('after');
    const late = await open();
    await late.ours.say(late.theirs.jid, 'on the old signed pre-key');
    await late.theirs.account.run((device) => device.rotateSignedPreKey());
    expect(await late.deliver()).toMatchObject([{ type: 'read' }, { type: 'empty' }]);
    await late.talk('after');

    const tooLate = await open();
    await tooLate.ours.say(tooLate.theirs.jid, 'on an old signed pre-key');
    for (let rotation = 1; rotation <= 2; rotation += 1) {
      await tooLate.theirs.account.run((device) => device.rotateSignedPreKey());
    }
    expect(await tooLate.deliver()).toEqual([{ type: 'unread', why: 'KeyExchangeFailed' }]);
    await tooLate.ours.omemo.replaceSessions({ jid: tooLate.theirs.jid });
    await tooLate.ours.settle();
    await tooLate.deliver();
    await tooLate.talk('after');
  });

  it('they read history: no automatic message until its end, then one', async () => {
    const pair = await open({ theirs: { start: 'catching-up' } });
    for (const text of ['one', 'two', 'three']) await pair.ours.say(pair.theirs.jid, text);
    expect((await pair.deliver()).map(({ type }) => type)).toEqual(['read', 'read', 'read']);
    expect(pair.world.mail).toEqual([]);
    await pair.theirs.account.run((device) => device.endHistorySync());
    expect(pair.world.mail.map(isEmpty)).toEqual([true]);
    await pair.deliver();
    await pair.talk('after');
  });

  it('they read history with two of our devices on one pre-key: the second is lost, until it starts anew', async () => {
    // twomemo 1.0 forgets a pre-key that it only hides.
    const world = new World(peer());
    const theirs = await world.theirs('bob@b.example', { start: 'catching-up' });
    const randomness: Randomness = { ...systemRandomness, choosePreKey: (preKeys) => preKeys[0]! };
    const [alice, carol] = [
      await world.ours('alice@a.example', { randomness }),
      await world.ours('carol@c.example', { randomness }),
    ];
    for (const client of [alice, carol]) await theirs.meet(client.jid);
    await alice.say(theirs.jid, 'first');
    await carol.say(theirs.jid, 'second');
    const letters = world.mail.splice(0);
    expect(new Set(letters.map((letter) => keyExchangeIn(letter)?.pkId)).size).toBe(1);
    expect(await theirs.receive(letters[0]!.stanza)).toMatchObject({ type: 'read', text: 'first' });
    expect(await theirs.receive(letters[1]!.stanza)).toEqual({ type: 'unread', why: 'KeyExchangeFailed' });
    await carol.omemo.replaceSessions({ jid: theirs.jid });
    await carol.settle();
    await carol.say(theirs.jid, 'third');
    const again = world.mail.splice(0);
    for (const { stanza } of again) expect(await theirs.receive(stanza)).not.toMatchObject({ type: 'unread' });
  });

  it('we read history with two senders on one pre-key, and keep it until the end', async () => {
    const world = new World(peer());
    const ours = await world.ours('alice@a.example');
    leaveOnePreKey(world, ours);
    const senders = [await world.theirs('bob@b.example'), await world.theirs('carol@c.example')];
    const tooLate = await world.theirs('dave@d.example');
    for (const sender of [...senders, tooLate]) {
      await sender.meet(ours.jid);
      await sender.say(ours.jid, `from ${sender.jid}`);
    }
    const [first, second, third] = world.mail.splice(0);
    expect(new Set([first!, second!, third!].map((letter) => keyExchangeIn(letter)?.pkId)).size).toBe(1);
    const catchUp = { delivery: 'catch-up' } as const;
    expect(await ours.receive(first!.stanza, catchUp)).toMatchObject({ type: 'read', from: senders[0]!.jid });
    expect(await ours.receive(second!.stanza, catchUp)).toMatchObject({ type: 'read', from: senders[1]!.jid });
    for (const { stanza } of [first!, second!])
      expect(await ours.receive(stanza, catchUp)).toEqual({ type: 'duplicate' });
    expect(world.mail).toEqual([]);
    await ours.omemo.finishCatchUp();
    await ours.settle();
    expect(world.mail.map(({ to }) => to).sort()).toEqual(senders.map(({ jid }) => jid));
    for (const { to, stanza } of world.mail.splice(0)) {
      expect(await senders.find(({ jid }) => jid === to)!.receive(stanza)).toEqual({ type: 'empty' });
    }
    expect(await ours.receive(third!.stanza)).toEqual({ type: 'unread', why: 'unknown-pre-key' });
    for (const sender of senders) {
      await sender.say(ours.jid, 'after');
      const [letter] = world.mail.splice(0);
      expect(keyExchangeIn(letter!)).toBeUndefined();
      expect(await ours.receive(letter!.stanza)).toMatchObject({ type: 'read', text: 'after' });
    }
  });
});
