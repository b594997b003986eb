import { expect, it } from 'vitest';
import { sendsAmong, type TwomemoDevice } from '../../src/index.ts';
import { describePeer, useTwomemoPeer } from '../../src/vitest/index.ts';

// What python-omemo does where the specification is silent or asks for something else. Tests against it must plan for
// this, and when a newer version does better, they should get to know here.
describePeer('twomemo', 'peculiarities of python-omemo', () => {
  const peer = useTwomemoPeer();
  let pairs = 0;

  async function pair() {
    pairs += 1;
    const { value: alice } = await peer().createDevice({ jid: `alice.${pairs}@a.example` });
    const { value: bob } = await peer().createDevice({ jid: `bob.${pairs}@b.example` });
    await alice.refreshDevices(bob.jid);
    await bob.refreshDevices(alice.jid);
    return { alice, bob };
  }

  async function encrypted(from: TwomemoDevice, to: TwomemoDevice): Promise<string> {
    return (await from.encrypt({ to: to.jid, plaintext: new Uint8Array([1, 2, 3]) })).value.xml;
  }

  function read(from: TwomemoDevice, to: TwomemoDevice, xml: string) {
    return to.decrypt({ sender: from.jid, xml });
  }

  it('when both start at once, neither reads anything until one replaces its session', async () => {
    const { alice, bob } = await pair();
    const fromAlice = await encrypted(alice, bob);
    const fromBob = await encrypted(bob, alice);
    const answers = [
      ...sendsAmong((await read(alice, bob, fromAlice)).effects),
      ...sendsAmong((await read(bob, alice, fromBob)).effects),
    ];
    expect(answers.map(({ device }) => device)).toEqual([bob.name, alice.name]);
    await expect(read(bob, alice, answers[0]!.xml)).rejects.toMatchObject({ code: 'peer-refused' });
    await expect(read(alice, bob, await encrypted(alice, bob))).rejects.toMatchObject({ code: 'peer-refused' });

    const [replacement] = sendsAmong((await alice.replaceSession(bob)).effects);
    const [answer] = sendsAmong((await read(alice, bob, replacement!.xml)).effects);
    await read(bob, alice, answer!.xml);
    expect((await read(bob, alice, await encrypted(bob, alice))).value.plaintext).toEqual(new Uint8Array([1, 2, 3]));
  });

  it('answers every message that carries a key exchange', async () => {
    const { alice, bob } = await pair();
    for (let message = 1; message <= 3; message += 1) {
      const { effects } = await read(alice, bob, await encrypted(alice, bob));
      expect(sendsAmong(effects)).toHaveLength(1);
    }
  });

  it('beats the heart for every message of a long chain, until the chain steps', async () => {
    const { alice, bob } = await pair();
    const [answer] = sendsAmong((await read(alice, bob, await encrypted(alice, bob))).effects);
    await read(bob, alice, answer!.xml);
    const beats: number[] = [];
    for (let message = 1; message <= 57; message += 1) {
      const { effects } = await read(alice, bob, await encrypted(alice, bob));
      if (sendsAmong(effects).length > 0) beats.push(message);
    }
    expect(beats).toEqual([54, 55, 56, 57]);
  });

  it('takes kex="false" for true', async () => {
    const { alice, bob } = await pair();
    const [answer] = sendsAmong((await read(alice, bob, await encrypted(alice, bob))).effects);
    await read(bob, alice, answer!.xml);
    const xml = await encrypted(alice, bob);
    const withAttribute = xml.replace(/<key /, '<key kex="false" ');
    expect(withAttribute).not.toBe(xml);
    await expect(read(alice, bob, withAttribute)).rejects.toMatchObject({ code: 'peer-refused' });
    expect((await read(alice, bob, xml)).value.plaintext).toBeDefined();
  });

  it('refuses a list with an attribute that it does not know', async () => {
    const { alice, bob } = await pair();
    const xml = '<devices xmlns="urn:xmpp:omemo:2"><device id="1" label="Phone" labelsig="AAAA"/></devices>';
    await expect(alice.pushDevices({ jid: bob.jid, xml })).rejects.toMatchObject({
      details: { exception: expect.stringMatching(/^XMLSchema/) },
    });
    peer().publications.putDevices(bob.jid, xml);
    await expect(alice.refreshDevices(bob.jid)).rejects.toMatchObject({
      details: { exception: 'DeviceListDownloadFailed' },
    });
  });
});
