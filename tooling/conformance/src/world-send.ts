import { omemo2 } from '@omemo-kit/omemo-core';
import { parseXml } from '@omemo-kit/omemo-wire';
import { concatBytes } from '@omemo-kit/primitives';
import type { Comparison } from './comparison.ts';
import { addressKey, setCrossedKeysAside } from './crossed-sessions.ts';
import { canonicalXml, type KeyAddress, keysOf } from './encrypted-xml.ts';
import { FormatError } from './format-error.ts';
import type { Recorded } from './recorded.ts';
import { utf8, type WorldRole } from './world-role.ts';

/** A send event of ours: the same keys for the same devices, byte for byte. */
export async function replaySend(role: WorldRole, event: Recorded, compare: Comparison): Promise<void> {
  const { device, counts } = role;
  const recorded = parseXml(event.get('xml').text());
  const keys = keysOf(recorded);
  compare.value('from', device.address.jid, event.get('from').text());
  device.randomness.begin(event.find('draws')?.items() ?? []);
  const plaintext = event.findSet('plaintext');
  if (event.get('automatic').flag()) counts.automatic += 1;
  else counts.sent += 1;
  const made =
    plaintext === undefined
      ? await device.encryptEmpty(onlyAddress(keys))
      : await device.encrypt(
          event
            .get('to')
            .items()
            .map((jid) => jid.text()),
          utf8(plaintext),
        );
  const aside = await setCrossedKeysAside(device, made, recorded);
  for (const address of aside) {
    role.strayed.add(addressKey(address));
    role.deviation('written over the other one of two crossed sessions than in the recording');
  }
  compare.value('xml', canonicalXml(made), canonicalXml(recorded));
  compareListedKeys(compare, event, keys);
  if (event.has('payload_key')) comparePayload(compare, event);
  // A session that the recording built here was not built where we had another one.
  if (aside.length === 0) device.randomness.compareUnused(compare);
}

function onlyAddress(keys: readonly KeyAddress[]): KeyAddress {
  const [key, ...more] = keys;
  if (key === undefined || more.length > 0) throw new FormatError('an empty message is for one device');
  return key;
}

/** `keys` lists what is in the element: account, device and whether a key exchange. */
function compareListedKeys(compare: Comparison, event: Recorded, keys: readonly KeyAddress[]): void {
  const listed = event.find('keys');
  if (listed === undefined) return;
  const inElement = keys.map(({ jid, deviceId, kex }) => [jid, deviceId, kex].join(' '));
  const recorded = listed.items().map((key) =>
    key
      .items()
      .map(({ value }) => value)
      .join(' '),
  );
  compare.value('keys', inElement.sort().join(', '), recorded.sort().join(', '));
}

function comparePayload(compare: Comparison, event: Recorded): void {
  const key = event.get('payload_key').bytes();
  const { keyMaterial } = omemo2.sealPayload({ key, plaintext: utf8(event.get('plaintext')) });
  compare.bytes('payload_key and payload_tag', keyMaterial, concatBytes(key, event.get('payload_tag').bytes()));
}
