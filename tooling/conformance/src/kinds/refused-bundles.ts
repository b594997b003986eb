import { parseBundle, parseEncrypted, parseXml } from '@omemo-kit/omemo-wire';
import { identityKeyPairFromSeed } from '@omemo-kit/primitives';
import { generatePreKeys, generateSignedPreKey } from '@omemo-kit/x3dh';
import type { Comparison } from '../comparison.ts';
import { toHex } from '../hex.ts';
import { caseKind } from '../kind.ts';
import type { Recorded } from '../recorded.ts';
import { type Address, addressOf } from '../recorded-device.ts';
import { RecordedTransport } from '../recorded-transport.ts';
import { ReplayedDevice } from '../replayed-device.ts';
import { judge } from '../verdict.ts';

/** Published bundles on which no session may be built and to which nothing may be sent, and an honest one. */
export const refusedBundles = caseKind({
  name: 'refused-bundles',
  file: ['alice', 'bob'],
  cases: ['bundle_xml', 'spk_sig', 'expect'],
  async check(entry, { file, compare, replay }) {
    compareFields(compare, entry);
    const bob = addressOf(file.get('bob'));
    const transport = new RecordedTransport();
    transport.publishBundle(bob, entry.get('bundle_xml').text());
    const alice = await openSender(addressOf(file.get('alice')), transport);
    await alice.knowDeviceList(alice.address.jid, [alice.address.deviceId]);
    await alice.knowDeviceList(bob.jid, [bob.deviceId]);
    const before = alice.records.snapshot();
    await judge({
      expect: entry.get('expect').oneOf('accept', 'refuse', 'either'),
      compare,
      replay,
      attempt: () => alice.encrypt([bob.jid], new Uint8Array(1)),
      accepted: async (encrypted) => {
        const { key } = parseEncrypted(encrypted, bob);
        if (key === undefined) compare.differ('nothing is encrypted to the device');
        compare.value('sessions', (await alice.records.sessions(bob)).length, 1);
      },
      refused() {
        const changed = alice.records.changedSince(before);
        if (changed.length > 0) compare.differ(`a refusal changed ${changed.join(', ')}`);
      },
    });
    await alice.close();
  },
});

/** The recorded fields are what the recorded element says. */
function compareFields(compare: Comparison, entry: Recorded): void {
  const bundle = parseBundle(parseXml(entry.get('bundle_xml').text()));
  compare.member(entry, 'ik_ed25519', bundle.ik);
  compare.member(entry, 'spk', bundle.spk);
  compare.member(entry, 'spk_sig', bundle.spks);
  const made = bundle.preKeys.map(({ id, publicKey }) => `${id} ${toHex(publicKey)}`).sort();
  const recorded = entry
    .get('pks')
    .items()
    .map((preKey) =>
      preKey
        .items()
        .map(({ value }) => value)
        .join(' '),
    )
    .sort();
  compare.value('pks', made.join(', '), recorded.join(', '));
}

/** The secrets of the sender are not recorded, and any will do. */
function openSender(address: Address, transport: RecordedTransport): Promise<ReplayedDevice> {
  const identityKeyPair = identityKeyPairFromSeed(new Uint8Array(32).fill(1));
  const signedPreKey = generateSignedPreKey({ id: 1, identityKeyPair });
  const secrets = { ...address, identityKeyPair, signedPreKey, preKeys: generatePreKeys({ firstId: 1, count: 1 }) };
  return ReplayedDevice.open({ secrets, transport });
}
