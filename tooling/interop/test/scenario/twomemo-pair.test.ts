import { expect, it } from 'vitest';
import {
  type CreateDeviceOptions,
  InteropError,
  sendsAmong,
  type TwomemoDevice,
  type TwomemoEffect,
} from '../../src/index.ts';
import { describePeer, useTwomemoPeer } from '../../src/vitest/index.ts';

const ALICE = 'alice@a.example';
const BOB = 'bob@b.example';

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

describePeer('twomemo', 'two python-omemo devices', () => {
  const peer = useTwomemoPeer();
  let pairs = 0;

  /** Fresh accounts for each test, which know each other's lists. */
  async function pair(bobOptions: Partial<CreateDeviceOptions> = {}) {
    pairs += 1;
    const { value: alice } = await peer().createDevice({ jid: `${pairs}.${ALICE}` });
    const { value: bob } = await peer().createDevice({ jid: `${pairs}.${BOB}`, ...bobOptions });
    await alice.refreshDevices(bob.jid);
    await bob.refreshDevices(alice.jid);
    return { alice, bob };
  }

  async function encrypted(from: TwomemoDevice, to: TwomemoDevice, text: string): Promise<string> {
    return (await from.encrypt({ to: to.jid, plaintext: utf8(text) })).value.xml;
  }

  /** Has it read, and what it sends by itself because of it read by the other. */
  async function deliver(from: TwomemoDevice, to: TwomemoDevice, xml: string): Promise<readonly TwomemoEffect[]> {
    const { effects } = await to.decrypt({ sender: from.jid, xml });
    for (const send of sendsAmong(effects)) {
      const { value } = await from.decrypt({ sender: to.jid, xml: send.xml });
      expect(value.plaintext).toBeUndefined();
    }
    return effects;
  }

  async function say(from: TwomemoDevice, to: TwomemoDevice, text: string): Promise<readonly TwomemoEffect[]> {
    const xml = await encrypted(from, to, text);
    const { value, effects } = await to.decrypt({ sender: from.jid, xml });
    expect(value).toMatchObject({ plaintext: utf8(text), sender: { jid: from.jid, deviceId: from.deviceId } });
    for (const send of sendsAmong(effects)) await from.decrypt({ sender: to.jid, xml: send.xml });
    return effects;
  }

  it('talk, and the first message is answered by an empty one', async () => {
    const { alice, bob } = await pair();
    const first = await alice.encrypt({ to: bob.jid, plaintext: utf8('hello') });
    expect(first.value).toMatchObject({
      keys: [{ jid: bob.jid, deviceId: bob.deviceId, keyExchange: true }],
      failures: [],
    });
    const read = await bob.decrypt({ sender: alice.jid, xml: first.value.xml });
    expect(read.value.plaintext).toEqual(utf8('hello'));
    expect(read.value.sender.identityKey).toEqual(alice.identityKey);
    // The pre-key is used up, so the bundle is published anew; and the initiator is told that its session stands.
    expect(read.effects.map((effect) => effect.type)).toEqual(['publish-bundle', 'send']);
    const [answer] = sendsAmong(read.effects);
    expect(answer).toMatchObject({ device: bob.name, jid: bob.jid, to: alice.jid });
    expect(await alice.session(bob)).toMatchObject({ initiation: 'active', confirmed: false });
    expect(await alice.decrypt({ sender: bob.jid, xml: answer!.xml })).toMatchObject({
      value: { plaintext: undefined },
      effects: [],
    });
    expect(await alice.session(bob)).toMatchObject({ initiation: 'active', confirmed: true });
    expect(await bob.session(alice)).toMatchObject({ initiation: 'passive' });
    expect((await alice.session(bob))!.ephemeralKey).toEqual((await bob.session(alice))!.ephemeralKey);

    const second = await bob.encrypt({ to: alice.jid, plaintext: new Uint8Array([0, 255, 128]) });
    expect(second.value.keys[0]?.keyExchange).toBe(false);
    const { value } = await alice.decrypt({ sender: bob.jid, xml: `<message>${second.value.xml}</message>` });
    expect(value.plaintext).toEqual(new Uint8Array([0, 255, 128]));
  });

  it('read messages out of order, keep the keys of those skipped, and refuse one twice', async () => {
    const { alice, bob } = await pair();
    await say(alice, bob, 'first');
    const late = await encrypted(alice, bob, 'late');
    await say(alice, bob, 'early');
    expect(await bob.session(alice)).toMatchObject({ skippedMessageKeys: 1 });
    await deliver(alice, bob, late);
    expect(await bob.session(alice)).toMatchObject({ skippedMessageKeys: 0 });
    await expect(bob.decrypt({ sender: alice.jid, xml: late })).rejects.toMatchObject({ code: 'peer-refused' });
  });

  it('refuse to skip more than they were told to', async () => {
    const { alice, bob } = await pair({ maxStoredSkipped: 2, maxSkip: 2 });
    await say(alice, bob, 'first');
    for (let lost = 0; lost < 3; lost += 1) await encrypted(alice, bob, 'lost');
    const fourth = await encrypted(alice, bob, 'fourth');
    const refused = bob.decrypt({ sender: alice.jid, xml: fourth });
    await expect(refused).rejects.toMatchObject({ code: 'peer-refused', details: { exception: 'DecryptionFailed' } });
  });

  it('send a heartbeat after 53 messages without an answer', async () => {
    const { alice, bob } = await pair();
    await say(alice, bob, 'first');
    const beats: number[] = [];
    for (let message = 1; message <= 56; message += 1) {
      if (sendsAmong(await say(alice, bob, 'monologue')).length > 0) beats.push(message);
    }
    expect(beats).toEqual([54]);
    expect(await alice.session(bob)).toMatchObject({ sendingChainLength: 2 });
  });

  it('go on after a restart', async () => {
    const { alice, bob } = await pair();
    await say(alice, bob, 'before');
    expect((await bob.restart()).effects).toEqual([]);
    await alice.restart();
    await say(alice, bob, 'after');
    await say(bob, alice, 'and back');
  });

  it('go on in another process from a copy of their storage', async () => {
    const { alice, bob } = await pair();
    await say(alice, bob, 'before');
    const storage = await bob.storageCopy();
    const { value: moved } = await peer().createDevice({ jid: bob.jid, storage });
    expect(moved.deviceId).toBe(bob.deviceId);
    expect(moved.identityKey).toEqual(bob.identityKey);
    await say(alice, moved, 'after');
  });

  it('lose track of each other when one goes back to an old backup', async () => {
    const { alice, bob } = await pair();
    const backup = await bob.storageCopy();
    await say(alice, bob, 'not in the backup');
    await bob.restart({ storage: backup });
    const xml = await encrypted(alice, bob, 'unreadable');
    const refused = { code: 'peer-refused', details: { exception: 'NoSession' } };
    await expect(bob.decrypt({ sender: alice.jid, xml })).rejects.toMatchObject(refused);
  });

  it('replace a session, and tell the other side by an empty message', async () => {
    const { alice, bob } = await pair();
    await say(alice, bob, 'over the old session');
    const old = (await alice.session(bob))!.ephemeralKey;
    const { effects } = await bob.replaceSession(alice);
    expect(effects).toMatchObject([{ type: 'send', to: alice.jid }]);
    expect(await bob.session(alice)).toMatchObject({ initiation: 'active', confirmed: false });
    await deliver(bob, alice, sendsAmong(effects)[0]!.xml);
    expect((await alice.session(bob))!.ephemeralKey).not.toEqual(old);
    expect(await bob.session(alice)).toMatchObject({ confirmed: true });
    await say(alice, bob, 'over the new one');
    await say(bob, alice, 'and back');
  });

  it('cannot replace a session that there is not', async () => {
    const { alice, bob } = await pair();
    const refused = { code: 'peer-refused', details: { exception: 'LookupError' } };
    await expect(alice.replaceSession(bob)).rejects.toMatchObject(refused);
    expect(await alice.session(bob)).toBeUndefined();
  });

  it('hold automatic messages back while catching up', async () => {
    const { alice, bob } = await pair({ start: 'catching-up' });
    const first = await encrypted(alice, bob, 'while bob was away');
    expect(sendsAmong((await bob.decrypt({ sender: alice.jid, xml: first })).effects)).toEqual([]);
    const answers = sendsAmong((await bob.endHistorySync()).effects);
    expect(answers).toMatchObject([{ to: alice.jid }]);
    await alice.decrypt({ sender: bob.jid, xml: answers[0]!.xml });
    expect(await alice.session(bob)).toMatchObject({ confirmed: true });
    await bob.beginHistorySync();
    const again = await peer().createDevice({ jid: alice.jid });
    await bob.refreshDevices(alice.jid);
    await again.value.refreshDevices(bob.jid);
    const held = await bob.decrypt({ sender: alice.jid, xml: await encrypted(again.value, bob, 'again away') });
    expect(sendsAmong(held.effects)).toEqual([]);
  });

  it('rotate the signed pre-key, and new sessions use the new one', async () => {
    const { alice, bob } = await pair();
    const before = await bob.bundle();
    const { effects } = await bob.rotateSignedPreKey();
    expect(effects).toMatchObject([{ type: 'publish-bundle', deviceId: bob.deviceId }]);
    const signedPreKey = /<spk id="\d+">[^<]+/;
    expect(signedPreKey.exec(await bob.bundle())?.[0]).not.toBe(signedPreKey.exec(before)?.[0]);
    await say(alice, bob, 'over the new signed pre-key');
  });

  it('ask for a decision on new devices when told so, and obey it', async () => {
    const { alice, bob } = await pair({ newDevices: 'undecided' });
    const decide = (trust: 'trusted' | 'distrusted') =>
      bob.setTrust({ jid: alice.jid, identityKey: alice.identityKey, trust });
    await expect(encrypted(bob, alice, 'to a stranger')).rejects.toMatchObject({
      details: { exception: 'StillUndecided' },
    });
    await decide('distrusted');
    expect(await bob.knownDevices(alice.jid)).toMatchObject([{ deviceId: alice.deviceId, trust: 'distrusted' }]);
    await expect(encrypted(bob, alice, 'to an enemy')).rejects.toMatchObject({
      details: { exception: 'NoEligibleDevices' },
    });
    const xml = await encrypted(alice, bob, 'from an enemy');
    await expect(bob.decrypt({ sender: alice.jid, xml })).rejects.toMatchObject({
      details: { exception: 'SenderDistrusted' },
    });
    await decide('trusted');
    await say(bob, alice, 'to a friend');
  });

  it('hear of devices by push, and leave out those whose bundle is not there', async () => {
    const { alice, bob } = await pair();
    const bundle = await bob.bundle();
    const list = (ids: readonly number[]) =>
      `<devices xmlns="urn:xmpp:omemo:2">${ids.map((id) => `<device id="${id}"/>`).join('')}</devices>`;
    await alice.pushDevices({ jid: bob.jid, xml: `<event>${list([bob.deviceId, 77])}</event>` });
    expect(await alice.knownDevices(bob.jid)).toMatchObject([{ deviceId: bob.deviceId, active: true }]);
    peer().publications.putBundle(bob.jid, 77, bundle);
    expect((await alice.knownDevices(bob.jid)).map(({ deviceId }) => deviceId)).toContain(77);
    await alice.pushDevices({ jid: bob.jid, xml: list([]) });
    expect((await alice.knownDevices(bob.jid)).map(({ active }) => active)).toEqual([false, false]);
  });

  it('tell of a device that could not be encrypted to', async () => {
    const { alice, bob } = await pair();
    const { value: tablet } = await peer().createDevice({ jid: bob.jid });
    await alice.refreshDevices(bob.jid);
    await alice.knownDevices(bob.jid); // reads the bundles for the identity keys, but builds no session yet
    peer().publications.removeBundle(bob.jid, tablet.deviceId);
    const { value } = await alice.encrypt({ to: bob.jid, plaintext: utf8('hello') });
    expect(value.keys.map(({ deviceId }) => deviceId)).toEqual([bob.deviceId]);
    expect(value.failures).toEqual([{ jid: bob.jid, deviceId: tablet.deviceId, exception: 'BundleNotFound' }]);
  });

  it('publish what the server lost, change the label, and leave the account', async () => {
    const { bob } = await pair();
    expect((await bob.ensurePublished()).effects).toEqual([]);
    peer().publications.removeBundle(bob.jid, bob.deviceId);
    expect((await bob.ensurePublished()).effects).toMatchObject([{ type: 'publish-bundle' }]);
    expect((await bob.setLabel('Tablet')).effects).toMatchObject([{ xml: expect.stringContaining('label="Tablet"') }]);
    expect((await bob.retire()).effects).toMatchObject([
      { type: 'publish-devices', xml: '<devices xmlns="urn:xmpp:omemo:2" />' },
      { type: 'retract-bundle', deviceId: bob.deviceId },
    ]);
    expect(await peer().publications.bundle(bob.jid, bob.deviceId)).toBeUndefined();
  });

  it('have nobody to encrypt for on an account of one device', async () => {
    const { alice } = await pair();
    const nobody = alice.encrypt({ to: [], plaintext: utf8('note') });
    await expect(nobody).rejects.toBeInstanceOf(InteropError);
    await expect(nobody).rejects.toMatchObject({ details: { exception: 'ValueError' } });
  });
});
