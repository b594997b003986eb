import { decodeKeyContent, parseBundle, parseDevices, parseEncrypted, parseXml } from '@omemo-kit/omemo-wire';
import type { Comparison } from '../comparison.ts';
import { compareContent, deliver } from '../delivery.ts';
import { toHex } from '../hex.ts';
import { caseKind } from '../kind.ts';
import { openPrepared } from '../prepared-device.ts';
import type { Recorded } from '../recorded.ts';
import { addressOf } from '../recorded-device.ts';
import { judge } from '../verdict.ts';

/** Good and bad `<devices>`, `<bundle>` and `<encrypted>`, and what is read from the good ones. */
export const xml = caseKind({
  name: 'xml',
  file: ['bob'],
  cases: ['element', 'xml', 'expect'],
  async check(entry, { file, compare, replay }) {
    const element = entry.get('element').oneOf('devices', 'bundle', 'encrypted');
    await judge({
      expect: entry.get('expect').oneOf('accept', 'refuse', 'either'),
      compare,
      replay,
      attempt: () => PARSERS[element](entry.get('xml').text(), file),
      accepted: async (read) => {
        const recorded = entry.find('parsed');
        if (recorded !== undefined) read(compare, recorded);
        const isGood = element === 'encrypted' && entry.get('expect').value === 'accept';
        if (isGood) await compareReading(compare, entry, file);
      },
    });
  },
});

/** A good element that builds a session and brings content is not only parsed, it is read. */
async function compareReading(compare: Comparison, entry: Recorded, file: Recorded): Promise<void> {
  const element = parseXml(entry.get('xml').text());
  const { key, payload } = parseEncrypted(element, addressOf(file.get('bob')));
  if (key === undefined || payload === undefined || decodeKeyContent(key).type !== 'key-exchange') return;
  const device = await openPrepared(file.get('bob'), file.get('alice'));
  const delivery = await deliver(device, addressOf(file.get('alice')).jid, element);
  compareContent(compare, delivery, file.get('plaintext').bytes());
  await device.close();
}

/** Parses, and answers how what was read is held against the recording. */
type Parser = (text: string, file: Recorded) => (compare: Comparison, recorded: Recorded) => void;

const PARSERS: Record<'devices' | 'bundle' | 'encrypted', Parser> = {
  devices(text) {
    const devices = parseDevices(parseXml(text)).map(({ id, label }) => [id, label ?? null]);
    return (compare, recorded) => compare.value('devices', JSON.stringify(devices), JSON.stringify(recorded.value));
  },

  bundle(text) {
    const bundle = parseBundle(parseXml(text));
    return (compare, recorded) => {
      compare.member(recorded, 'ik_ed25519', bundle.ik);
      compare.value('spk_id', bundle.spkId, recorded.get('spk_id').count());
      compare.member(recorded, 'spk', bundle.spk);
      compare.member(recorded, 'spk_sig', bundle.spks);
      // A bundle's pre-keys have no order (the recording is sorted, the element is not).
      const preKeys = bundle.preKeys.map(({ id, publicKey }) => `${id} ${toHex(publicKey)}`);
      const expected = recorded
        .get('pks')
        .items()
        .map((preKey) =>
          preKey
            .items()
            .map(({ value }) => value)
            .join(' '),
        );
      compare.value('pks', preKeys.sort().join(', '), expected.sort().join(', '));
    };
  },

  encrypted(text, file) {
    const bob = addressOf(file.get('bob'));
    const read = parseEncrypted(parseXml(text), bob);
    return (compare, recorded) => {
      compare.value('sid', read.sid, recorded.get('sid').count());
      compare.value('empty', read.payload === undefined, recorded.get('empty').flag());
      const keys = recorded
        .get('keys')
        .items()
        .map((key) => key.items());
      const own = keys.find(([jid, rid]) => jid?.text() === bob.jid && rid?.count() === bob.deviceId);
      compare.value('a key for bob', read.key !== undefined, own !== undefined);
      compare.value('recipients', read.recipients, keys.length);
      if (own !== undefined) compare.value('kex', read.kexAttribute, own[2]?.flag());
    };
  },
};
