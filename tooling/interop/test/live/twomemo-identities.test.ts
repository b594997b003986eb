import { randomBytes } from 'node:crypto';
import { type IdentityKeyPair, identityKeyPairFromScalar, identityKeyPairFromSeed } from '@omemo-kit/primitives';
import { expect, it } from 'vitest';
import { describePeer, useTwomemoPeer } from '../../src/vitest/index.ts';
import { World } from './support/pair.ts';

const FORMS = ['seed', 'scalar'] as const;
const SIGN_BITS = [0, 1] as const;
const MAKERS = { seed: identityKeyPairFromSeed, scalar: identityKeyPairFromScalar };

describePeer('twomemo', 'identities of omemo-kit and python-omemo', () => {
  const peer = useTwomemoPeer();

  /** A secret whose Ed25519 public key has this sign bit. */
  function identity(form: 'seed' | 'scalar', signBit: 0 | 1): { secret: Uint8Array; keyPair: IdentityKeyPair } {
    for (;;) {
      const secret = new Uint8Array(randomBytes(32));
      const keyPair = MAKERS[form](secret);
      if (keyPair.publicKey[31]! >> 7 === signBit) return { secret, keyPair };
    }
  }

  const cases = FORMS.flatMap((ours) =>
    SIGN_BITS.flatMap((ourBit) =>
      FORMS.flatMap((theirs) => SIGN_BITS.map((theirBit) => ({ ours, ourBit, theirs, theirBit }))),
    ),
  );

  it.each(cases)('ours a $ours with sign bit $ourBit, theirs a $theirs with sign bit $theirBit', async (it) => {
    const own = identity(it.ours, it.ourBit);
    const other = identity(it.theirs, it.theirBit);
    const pair = await new World(peer()).pair({
      ours: { device: { identityKeyPair: own.keyPair } },
      theirs: { identity: { form: it.theirs, secret: other.secret } },
    });
    const { ours, theirs } = pair;
    // python-omemo makes of the secret what we make of it.
    expect(theirs.account.device.identityKey).toEqual(new Uint8Array(other.keyPair.publicKey));
    const beginner = it.ourBit === it.theirBit ? ours : theirs;
    await pair.say(beginner, 'the first message');
    await pair.talk('and more');
    const [known] = await theirs.account.device.knownDevices(ours.jid);
    expect(known?.identityKey).toEqual(new Uint8Array(own.keyPair.publicKey));
    const [device] = await ours.omemo.devices(theirs.jid);
    expect(new Uint8Array(device!.identityKey!)).toEqual(theirs.account.device.identityKey);
    expect(device?.fingerprint.join(' ')).toBe(theirs.account.device.fingerprint);
  });

  it('without a label our device list is read by them', async () => {
    const { world, ours, theirs } = await new World(peer()).pair();
    const list = world.server.node(ours.jid, 'urn:xmpp:omemo:2:devices')!.items.get('current')!;
    expect(list.getChildren('device').map(({ attrs }) => attrs)).toEqual([{ id: String(ours.deviceId) }]);
    expect(await theirs.account.device.knownDevices(ours.jid)).toMatchObject([
      { deviceId: ours.deviceId, active: true },
    ]);
  });

  // twomemo goes by the schema of XEP-0384 0.8: an attribute that it does not know spoils the whole list. This is why
  // labels are published on request only.
  it('with a label, which is signed, our device list is refused by them', async () => {
    const world = new World(peer());
    const ours = await world.ours('alice@a.example', { device: { label: 'Phone' } });
    const theirs = await world.theirs('bob@b.example');
    await expect(theirs.meet(ours.jid)).rejects.toMatchObject({
      code: 'peer-refused',
      details: {
        exception: 'DeviceListDownloadFailed',
        causes: expect.arrayContaining([expect.stringMatching(/^XMLSchema.*labelsig/s)]),
      },
    });
    await expect(theirs.say(ours.jid, 'hello')).rejects.toMatchObject({ code: 'peer-refused' });
    await expect(world.theirs(ours.jid)).rejects.toMatchObject({
      details: { method: 'create', exception: 'DeviceListDownloadFailed' },
    });
    // What we write carries a key exchange, and yet there is no device that it could be from.
    await ours.say(theirs.jid, 'hello');
    expect(await theirs.receive(world.mail[0]!.stanza)).toMatchObject({ type: 'unread' });
  });

  it('their labels, which are not signed, are read and not shown', async () => {
    const { ours, theirs } = await new World(peer()).pair({ theirs: { label: 'Phone' } });
    expect(await ours.omemo.devices(theirs.jid)).toMatchObject([
      { deviceId: theirs.deviceId, label: undefined, listed: true },
    ]);
  });
});
