import { bareJid, decodeKeyContent, parseBundle, parseDevices, parseEncrypted, parseXml } from '@omemo-kit/omemo-wire';
import { describe, expect, test } from 'vitest';
import { hex } from '../hex.ts';
import { outcomeOf } from '../outcome.ts';
import { type Expectation, readCases } from './vector-file.ts';

interface XmlCase {
  readonly element: 'devices' | 'bundle' | 'encrypted';
  readonly what: string;
  readonly xml: string;
  readonly expect: Expectation;
  readonly parsed?: unknown;
}

interface ParsedBundle {
  readonly ik_ed25519: string;
  readonly spk_id: number;
  readonly spk: string;
  readonly spk_sig: string;
  readonly pks: readonly (readonly [number, string])[];
}

interface ParsedEncrypted {
  readonly sid: number;
  readonly empty: boolean;
  readonly keys: readonly (readonly [jid: string, rid: number, kex: boolean])[];
}

const cases = readCases<XmlCase>('xml');
const bob = { jid: bareJid('bob@example.net'), deviceId: 22 };

/** What this package does where the specification is silent; a change here is a change for users. */
const CHOICES: Readonly<Record<string, 'accept' | 'refuse'>> = {
  'devices: id 0': 'accept',
  'devices: id 2^31': 'accept',
  'devices: id with a plus and white space': 'refuse',
  'devices: id with leading zeros': 'accept',
  'devices: the same id twice': 'accept',
  'devices: unknown attribute': 'accept',
  'devices: unknown child element': 'accept',
  'bundle: no pre keys inside the list': 'accept',
  'bundle: ik too short (refused at the latest when a session is built)': 'refuse',
  'bundle: unknown child element': 'accept',
  'encrypted: payload element without text': 'accept',
  'encrypted: kex missing on a key exchange (parsing may pass, decryption must not)': 'accept',
  'encrypted: no keys at all': 'accept',
  'encrypted: the same rid twice': 'refuse',
  'encrypted: unknown attribute and child': 'accept',
  'encrypted: two keys elements with one jid': 'refuse',
  'encrypted: keys without key': 'accept',
};

const parsers = {
  devices: (xml: string) => parseDevices(parseXml(xml)),
  bundle: (xml: string) => parseBundle(parseXml(xml)),
  encrypted: (xml: string) => {
    const encrypted = parseEncrypted(parseXml(xml), bob);
    return { ...encrypted, content: encrypted.key && decodeKeyContent(encrypted.key) };
  },
};

function verdict({ element, xml }: XmlCase): 'accept' | 'refuse' {
  return 'value' in outcomeOf(() => parsers[element](xml)) ? 'accept' : 'refuse';
}

describe('xml.json', () => {
  test.each(cases.map((one) => [`${one.element}: ${one.what}`, one] as const))('%s', (title, one) => {
    const wanted = one.expect === 'either' ? CHOICES[title] : one.expect;
    expect(wanted, 'a case without a choice').toBeDefined();
    expect(verdict(one)).toBe(wanted);
  });

  test('lists every choice that a case leaves open, and no other', () => {
    const open = cases.filter((one) => one.expect === 'either').map((one) => `${one.element}: ${one.what}`);
    expect(open.sort()).toEqual(Object.keys(CHOICES).sort());
  });

  test('reads the same ids and labels of device lists as python-omemo', () => {
    const read = cases.filter((one) => one.element === 'devices' && one.parsed !== undefined && verdict(one) === 'accept');
    expect(read.length).toBeGreaterThan(5);
    for (const { xml, parsed } of read) {
      expect(parsers.devices(xml).map(({ id, label }) => [id, label ?? null])).toEqual(parsed);
    }
  });

  test('reads the same bundles as python-omemo', () => {
    const read = cases.filter((one) => one.element === 'bundle' && one.parsed !== undefined && verdict(one) === 'accept');
    expect(read.length).toBeGreaterThan(3);
    for (const { xml, parsed } of read) {
      const { spkId, spk, spks, ik, preKeys } = parsers.bundle(xml);
      const wanted = parsed as ParsedBundle;
      expect([spkId, hex(spk), hex(spks), hex(ik)]).toEqual([wanted.spk_id, wanted.spk, wanted.spk_sig, wanted.ik_ed25519]);
      expect(preKeys.map(({ id, publicKey }) => [id, hex(publicKey)]).sort()).toEqual([...wanted.pks].sort());
    }
  });

  test('reads the same messages as python-omemo', () => {
    const read = cases.filter((one) => one.element === 'encrypted' && one.parsed !== undefined && verdict(one) === 'accept');
    expect(read.length).toBeGreaterThan(5);
    for (const { xml, parsed } of read) {
      const { sid, payload, kexAttribute, recipients, content } = parsers.encrypted(xml);
      const wanted = parsed as ParsedEncrypted;
      const own = wanted.keys.find(([jid, rid]) => jid === bob.jid && rid === bob.deviceId);
      expect([sid, payload === undefined, recipients]).toEqual([wanted.sid, wanted.empty, wanted.keys.length]);
      expect(kexAttribute).toBe(own?.[2]);
      expect(content?.type).toBe('key-exchange');
    }
  });
});
