import { deepEqual, equal } from 'node:assert/strict';
import type { Store } from '@omemo-kit/omemo-core';
import { NODE_BUNDLES, NODE_DEVICES } from '@omemo-kit/omemo-wire';
import { randomBytes } from '@omemo-kit/primitives';
import { Element } from 'ltx';
import { openAccount, openInMemory } from './accounts.ts';
import { NodeMap } from './node-map.ts';

/** As many as the device list of an account may have. */
const DEVICES_OF_ACCOUNT = 125;
const NS_OMEMO = 'urn:xmpp:omemo:2';
const SENDER = 'alice@example.org';

/** One who writes, and many devices that answered once, so that no message carries a key exchange any more. */
export interface Crowd {
  readonly devices: number;
  /** One message to all of them, committed, as the XML that leaves. */
  write(plaintext: Uint8Array): Promise<string>;
}

/**
 * Each device is an Omemo in memory that knows of no other device of its account: their lists are joined here, because a thousand devices
 * that enter themselves one after the other would take minutes.
 */
export async function gatherCrowd(store: Store, devices: number): Promise<Crowd> {
  const seen = new NodeMap();
  const sender = await openAccount(SENDER, store, seen);
  const jids: string[] = [];
  for (let first = 0; first < devices; first += DEVICES_OF_ACCOUNT) {
    const jid = `account-${first}@example.net`;
    jids.push(jid);
    await meet(sender.omemo, seen, jid, Math.min(DEVICES_OF_ACCOUNT, devices - first));
  }
  return {
    devices,
    async write(plaintext) {
      const { encrypted, devices: reached } = await sender.omemo.encryptPayload(jids, plaintext);
      equal(reached.length, devices);
      return encrypted.toString();
    },
  };
}

/** Sessions with all devices of an account, in both directions. */
async function meet(
  sender: Awaited<ReturnType<typeof openAccount>>['omemo'],
  seen: NodeMap,
  jid: string,
  count: number,
) {
  const list = new Element('devices', { xmlns: NS_OMEMO });
  const devices = await Promise.all(
    Array.from({ length: count }, async () => {
      const own = new NodeMap();
      const { omemo } = await openInMemory(jid, own);
      for (const bundle of own.items({ jid, node: NODE_BUNDLES })) seen.put(jid, NODE_BUNDLES, bundle);
      list.c('device', { id: String(omemo.deviceId) });
      // Whose messages it reads, it looks up.
      own.put(SENDER, NODE_DEVICES, { id: 'current', payload: senderList(sender.deviceId) });
      return omemo;
    }),
  );
  seen.put(jid, NODE_DEVICES, { id: 'current', payload: list });
  const plaintext = randomBytes(32);
  const { encrypted } = await sender.encryptPayload([jid], plaintext);
  for (const device of devices) {
    const read = await device.decryptPayload({ from: SENDER, encrypted });
    if (read.type !== 'message') throw new TypeError(`a device of the crowd cannot read: ${read.type}`);
    deepEqual(read.payload, plaintext);
    const answer = await device.encryptEmpty({ jid: SENDER, deviceId: sender.deviceId });
    const heard = await sender.decryptPayload({ from: jid, encrypted: answer });
    equal(heard.type, 'empty');
    await device.close();
  }
}

function senderList(deviceId: number): Element {
  const list = new Element('devices', { xmlns: NS_OMEMO });
  list.c('device', { id: String(deviceId) });
  return list;
}
