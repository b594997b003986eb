import { Omemo, trustOnFirstUse } from '@omemo-kit/omemo-core';
import { decodeBase64, decodeKeyContent, parseXml } from '@omemo-kit/omemo-wire';
import { expect, test } from 'vitest';
import { DeviceRecords } from '../../src/device-records.ts';
import type { XmlElement } from '../../src/encrypted-xml.ts';
import { OwnKeys } from '../../src/own-keys.ts';
import { Recorded } from '../../src/recorded.ts';
import { addressOf } from '../../src/recorded-device.ts';
import { RecordedTransport } from '../../src/recorded-transport.ts';
import { vectors } from '../vectors-folder.ts';

const keyIn = (encrypted: XmlElement) => encrypted.getChild('header')!.getChild('keys')!.getChild('key')!;

test('s02-kex-repeated without the kex attribute on its second and third message is read (R83, S46, X30)', async () => {
  const { devices, steps } = vectors('transcripts/s02-kex-repeated');
  const [alice, bob] = [new Recorded(devices.alice, 'alice'), new Recorded(devices.bob, 'bob')];
  const records = new DeviceRecords(addressOf(bob));
  await records.putSecrets(new OwnKeys(bob).secrets);
  await records.putDeviceList(addressOf(alice).jid, [addressOf(alice).deviceId]);
  const omemo = await Omemo.open({
    jid: addressOf(bob).jid,
    store: records.store,
    transport: new RecordedTransport(),
    trust: trustOnFirstUse,
    upkeep: 'manual',
  });
  const sent = steps.filter(({ op, by, kex }: { op: string; by: string; kex: boolean }) => {
    return op === 'encrypt' && by === 'alice' && kex;
  });
  expect(sent.length).toBeGreaterThanOrEqual(3);
  const sessions = [];
  for (const [index, { xml, content }] of sent.slice(0, 3).entries()) {
    const encrypted = parseXml(xml);
    const key = keyIn(encrypted);
    expect(key.attrs['kex']).toBe('true');
    // What QXmpp sends: the bytes are a key exchange, and only the first says so.
    if (index > 0) delete key.attrs['kex'];
    expect(decodeKeyContent(decodeBase64(key.text())).type).toBe('key-exchange');
    const result = await omemo.decryptPayload({ from: addressOf(alice).jid, encrypted });
    expect(result).toMatchObject({ type: 'message', sender: { deviceId: addressOf(alice).deviceId } });
    if (result.type === 'message') expect(Buffer.from(result.payload).toString('hex')).toBe(content.plaintext);
    sessions.push(...(await records.sessions(addressOf(alice))).map(({ id }) => Buffer.from(id).toString('hex')));
  }
  // One session, and not one for each of them.
  expect(new Set(sessions).size).toBe(1);
  await omemo.close();
});
