import {
  encodeBase64,
  parseBundle,
  parseXml,
  serializeBundle,
  type WireBundle,
  type WireErrorCode,
} from '@omemo-kit/omemo-wire';
import { describe, expect, test } from 'vitest';
import { filled } from '../hex.ts';
import { codeOf } from '../outcome.ts';
import { bundleXml } from '../samples.ts';

const bundle: WireBundle = {
  spkId: 1,
  spk: filled(32, 1),
  spks: filled(64, 2),
  ik: filled(32, 3),
  preKeys: [1, 2, 3].map((id) => ({ id, publicKey: filled(32, 16 + id) })),
};

const parts = {
  spk: `<spk id="1">${encodeBase64(bundle.spk)}</spk>`,
  spks: `<spks>${encodeBase64(bundle.spks)}</spks>`,
  ik: `<ik>${encodeBase64(bundle.ik)}</ik>`,
  prekeys: `<prekeys>${bundle.preKeys.map(({ id, publicKey }) => `<pk id="${id}">${encodeBase64(publicKey)}</pk>`).join('')}</prekeys>`,
};

const read = (changed: Partial<typeof parts>, more = '') =>
  codeOf(() =>
    parseBundle(
      parseXml(`<bundle xmlns="urn:xmpp:omemo:2">${Object.values({ ...parts, ...changed }).join('')}${more}</bundle>`),
    ),
  );

describe('parseBundle', () => {
  test('reads back what serializeBundle wrote', () => {
    expect(serializeBundle(bundle).toString()).toBe(bundleXml);
    expect(parseBundle(parseXml(bundleXml))).toEqual(bundle);
  });

  test('reads ids from 0 to 2^32-1', () => {
    for (const id of [0, 1, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1]) {
      const text = bundleXml.replaceAll(/ id="1"/g, ` id="${id}"`);
      const { spkId, preKeys } = parseBundle(parseXml(text));
      expect([spkId, preKeys[0]?.id]).toEqual([id, id]);
    }
  });

  test.each(Object.keys(parts) as (keyof typeof parts)[])('takes exactly one <%s/>', (part) => {
    expect(read({})).toBe('accepted');
    expect(read({ [part]: '' })).toBe('missing-element');
    expect(read({}, parts[part])).toBe('repeated-element');
    expect(read({}, parts[part].replace(/^<\w+/, '$& xmlns="urn:other"'))).toBe('accepted');
  });

  test('takes keys of 32 and signatures of 64 bytes and no other', () => {
    for (let length = 0; length <= 130; length++) {
      const text = encodeBase64(filled(length, 1));
      const key = length === 32 ? 'accepted' : 'wrong-length';
      expect(read({ spk: `<spk id="1">${text}</spk>` })).toBe(key);
      expect(read({ ik: `<ik>${text}</ik>` })).toBe(key);
      expect(read({ prekeys: `<prekeys><pk id="1">${text}</pk></prekeys>` })).toBe(key);
      expect(read({ spks: `<spks>${text}</spks>` })).toBe(length === 64 ? 'accepted' : 'wrong-length');
    }
    expect(read({ ik: `<ik>${'A'.repeat(100_000)}</ik>` })).toBe('wrong-length');
  });

  test.each<readonly [string, Partial<typeof parts>, WireErrorCode]>([
    ['no id of the signed pre-key', { spk: parts.spk.replace(' id="1"', '') }, 'missing-attribute'],
    ['no id of a pre-key', { prekeys: parts.prekeys.replace(' id="2"', '') }, 'missing-attribute'],
    ['an id of words', { spk: parts.spk.replace('id="1"', 'id="1e0"') }, 'invalid-id'],
    ['a key that is no base64', { ik: '<ik>@@@@</ik>' }, 'invalid-base64'],
    ['a key with an element in it', { ik: parts.ik.replace('</ik>', '<x/></ik>') }, 'unexpected-element'],
    ['a key in two halves around an element', { ik: parts.ik.replace('AwMD', 'AwMD<x/>') }, 'unexpected-element'],
  ])('refuses %s', (_, changed, code) => {
    expect(read(changed)).toBe(code);
  });

  test('takes 200 pre-keys and no more', () => {
    const list = (count: number) =>
      `<prekeys>${Array.from({ length: count }, (_, id) => `<pk id="${id}">${encodeBase64(filled(32, 1))}</pk>`).join('')}</prekeys>`;
    expect(read({ prekeys: list(200) })).toBe('accepted');
    expect(read({ prekeys: list(201) })).toBe('too-many');
    expect(codeOf(() => parseBundle(parseXml(bundleXml), { preKeysPerBundle: 2 }))).toBe('too-many');
  });

  test('leaves to the key agreement what is not of the wire', () => {
    expect(read({ prekeys: '<prekeys/>' })).toBe('accepted');
    expect(read({ prekeys: parts.prekeys.replace('id="2"', 'id="1"') })).toBe('accepted');
  });
});

describe('serializeBundle', () => {
  const write = (changed: Partial<WireBundle>) => codeOf(() => serializeBundle({ ...bundle, ...changed }));

  test.each([0, 2 ** 31, -1, 1.5])('refuses to write id %d', (id) => {
    expect(write({ spkId: id })).toBe('invalid-id');
    expect(write({ preKeys: [{ id, publicKey: filled(32, 1) }] })).toBe('invalid-id');
  });

  test('refuses keys and signatures of other lengths', () => {
    expect(write({ spk: filled(33, 1) })).toBe('wrong-length');
    expect(write({ ik: filled(31, 1) })).toBe('wrong-length');
    expect(write({ spks: filled(32, 1) })).toBe('wrong-length');
    expect(write({ preKeys: [{ id: 1, publicKey: filled(0, 1) }] })).toBe('wrong-length');
  });

  test('refuses two pre-keys with one id', () => {
    expect(write({ preKeys: [...bundle.preKeys, { id: 1, publicKey: filled(32, 1) }] })).toBe('repeated-element');
  });

  test('lets a pre-key have the id of the signed pre-key: the ids are separate', () => {
    expect(write({ spkId: 2 })).toBe('accepted');
  });
});
