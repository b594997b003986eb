import { createPrivateKey, createPublicKey } from 'node:crypto';
import { expect, it } from 'vitest';
import { InteropError, TwomemoPeer } from '../../src/index.ts';
import { describePeer, useTwomemoPeer } from '../../src/vitest/index.ts';

function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}

/** In hexadecimal, by node:crypto: no code of this repository. */
function x25519PublicKey(privateKey: Uint8Array): string {
  const prefix = fromHex('302e020100300506032b656e04220420'); // PKCS #8 of RFC 8410
  const key = createPrivateKey({ key: Buffer.from([...prefix, ...privateKey]), format: 'der', type: 'pkcs8' });
  return createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex');
}

describePeer('twomemo', 'the process of python-omemo devices', () => {
  const peer = useTwomemoPeer();

  it('tells its versions', () => {
    expect(peer().versions.packages.omemo).toMatch(/^1\./);
    expect(peer().versions.packages.twomemo).toMatch(/^1\./);
  });

  it('makes a device that publishes its bundle and then its list', async () => {
    const { value: phone, effects } = await peer().createDevice({ jid: 'makes@a.example', label: 'Phone' });
    expect(effects).toMatchObject([
      { type: 'publish-bundle', device: phone.name, jid: 'makes@a.example', deviceId: phone.deviceId },
      { type: 'publish-devices', device: phone.name, jid: 'makes@a.example' },
    ]);
    expect(effects[0]).toHaveProperty('xml', await phone.bundle());
    expect(effects[1]).toHaveProperty(
      'xml',
      `<devices xmlns="urn:xmpp:omemo:2"><device id="${phone.deviceId}" label="Phone" /></devices>`,
    );
    expect(await peer().publications.devices('makes@a.example')).toContain(`id="${phone.deviceId}"`);
  });

  it('adds a second device to the list of the account', async () => {
    const jid = 'second@a.example';
    const { value: phone } = await peer().createDevice({ jid });
    const { value: laptop } = await peer().createDevice({ jid });
    const list = await peer().publications.devices(jid);
    expect(list).toContain(`id="${phone.deviceId}"`);
    expect(list).toContain(`id="${laptop.deviceId}"`);
    expect(laptop.name).not.toBe(phone.name);
  });

  it('takes a device id, and refuses one that is in the list', async () => {
    const jid = 'id@a.example';
    const { value: phone } = await peer().createDevice({ jid, deviceId: 4242 });
    expect(phone.deviceId).toBe(4242);
    await expect(peer().createDevice({ jid, deviceId: 4242 })).rejects.toMatchObject({
      code: 'peer-refused',
      details: { method: 'create', exception: 'ValueError' },
    });
  });

  it('takes an identity as a seed', async () => {
    // RFC 8032 7.1, test 1
    const secret = fromHex('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60');
    const { value: phone } = await peer().createDevice({ jid: 'seed@a.example', identity: { form: 'seed', secret } });
    expect(phone.identityKey).toEqual(fromHex('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a'));
  });

  it('takes an identity as a Curve25519 private key, and shows its fingerprint in that form', async () => {
    const secret = new Uint8Array(32).fill(0x77);
    const { value: phone } = await peer().createDevice({
      jid: 'scalar@a.example',
      identity: { form: 'scalar', secret },
    });
    expect(phone.fingerprint.replaceAll(' ', '')).toBe(x25519PublicKey(secret));
    expect(phone.fingerprint).toMatch(/^([0-9a-f]{8} ){7}[0-9a-f]{8}$/);
  });

  it('tells of a request to a device that was dropped', async () => {
    const { value: phone } = await peer().createDevice({ jid: 'unknown@a.example' });
    await phone.drop();
    await expect(phone.bundle()).rejects.toMatchObject({ code: 'peer-refused', details: { exception: 'KeyError' } });
  });

  it('reads from the source of the device, and tells python-omemo when that fails', async () => {
    const asked: string[] = [];
    const source = {
      devices: async (jid: string) => {
        asked.push(jid);
        if (jid === 'broken@b.example') throw new InteropError('peer-protocol', 'the server is gone');
        return undefined;
      },
      bundle: async () => undefined,
    };
    const { value: phone } = await peer().createDevice({ jid: 'source@a.example', source });
    expect(asked).toContain('source@a.example');
    expect(await peer().publications.devices('source@a.example')).toBeUndefined();
    await phone.refreshDevices('nobody@b.example');
    await expect(phone.refreshDevices('broken@b.example')).rejects.toMatchObject({
      code: 'peer-refused',
      details: { exception: 'DeviceListDownloadFailed', causes: ['HostRefused: the server is gone'] },
    });
  });

  it('tells with a refusal what the device had written before', async () => {
    let answers = 0;
    const source = {
      devices: async () => {
        answers += 1;
        if (answers > 1) throw new InteropError('peer-protocol', 'the server is gone');
        return undefined;
      },
      bundle: async () => undefined,
    };
    await expect(peer().createDevice({ jid: 'half@a.example', source })).rejects.toMatchObject({
      details: { exception: 'DeviceListDownloadFailed', effects: [{ type: 'publish-bundle', jid: 'half@a.example' }] },
    });
  });

  it('goes on after a request that no python-omemo device can serve', async () => {
    const { value: phone } = await peer().createDevice({ jid: 'goes-on@a.example' });
    await expect(phone.decrypt({ sender: 'bob@b.example', xml: '<nonsense' })).rejects.toMatchObject({
      details: { exception: 'ParseError' },
    });
    await expect(phone.decrypt({ sender: 'bob@b.example', xml: '<message/>' })).rejects.toMatchObject({
      details: { exception: 'ValueError' },
    });
    expect(await phone.bundle()).toContain('<prekeys>');
  });

  it('rejects what waits when the process dies', async () => {
    await using short = await TwomemoPeer.start();
    const { value: phone } = await short.createDevice({ jid: 'dies@a.example' });
    const waiting = phone.bundle();
    process.kill(short.pid!, 'SIGKILL');
    await expect(Promise.all([waiting, phone.bundle()])).rejects.toMatchObject({ code: 'peer-exited' });
  });

  it('tells an interpreter that is not there', async () => {
    await expect(TwomemoPeer.start({ python: '/nowhere/python3' })).rejects.toMatchObject({
      code: 'peer-unavailable',
    });
  });
});
