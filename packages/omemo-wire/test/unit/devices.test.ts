import {
  encodeBase64,
  type ListedDevice,
  limits,
  parseDevices,
  parseXml,
  serializeDevices,
  type WireErrorCode,
} from '@omemo-kit/omemo-wire';
import { Element } from 'ltx';
import { describe, expect, test } from 'vitest';
import { filled } from '../hex.ts';
import { codeOf } from '../outcome.ts';

const list = (devices: string) => `<devices xmlns="urn:xmpp:omemo:2">${devices}</devices>`;
const read = (devices: string) => parseDevices(parseXml(list(devices)));
const signature = filled(64, 3);

describe('parseDevices', () => {
  test('reads ids from 0 to 2^32-1', () => {
    const ids = [0, 1, 2, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1];
    expect(read(ids.map((id) => `<device id="${id}"/>`).join(''))).toEqual(ids.map((id) => ({ id })));
  });

  test('hands out label and signature together', () => {
    const labelsig = encodeBase64(signature);
    expect(read(`<device id="5" label="Phone" labelsig="\n ${labelsig}\n"/>`)).toEqual([
      { id: 5, label: 'Phone', labelSignature: signature },
    ]);
  });

  test.each([
    ['no base64', '@@@@'],
    ['63 bytes', encodeBase64(filled(63, 3))],
    ['65 bytes', encodeBase64(filled(65, 3))],
    ['nothing', ''],
    ['a megabyte', 'A'.repeat(60_000)],
  ])('drops a signature of %s, not the device', (_, labelsig) => {
    expect(read(`<device id="5" label="Phone" labelsig="${labelsig}"/>`)).toEqual([{ id: 5, label: 'Phone' }]);
  });

  test('drops a label above 53 code points, with its signature', () => {
    const device = (label: string) => read(`<device id="5" label="${label}" labelsig="${encodeBase64(signature)}"/>`);
    expect(device('🙂'.repeat(53))).toEqual([{ id: 5, label: '🙂'.repeat(53), labelSignature: signature }]);
    expect(device('🙂'.repeat(54))).toEqual([{ id: 5 }]);
    expect(device('x'.repeat(54))).toEqual([{ id: 5 }]);
    expect(device('x'.repeat(60_000))).toEqual([{ id: 5 }]);
  });

  test('drops a label that no XML text could have carried', () => {
    const devices = new Element('devices', 'urn:xmpp:omemo:2');
    devices.c('device', { id: '5', label: 'a\u0007', labelsig: encodeBase64(signature) });
    expect(parseDevices(devices)).toEqual([{ id: 5 }]);
  });

  test('counts a device listed twice once, as first listed', () => {
    expect(read('<device id="9" label="a"/><device id="9" label="b"/><device id="8"/>')).toEqual([
      { id: 9, label: 'a' },
      { id: 8 },
    ]);
  });

  test('ignores devices of other namespaces and text between', () => {
    expect(read('x<device xmlns="urn:other" id="bad"/>y<device id="8"/><other/>')).toEqual([{ id: 8 }]);
  });

  test('takes 128 devices and no more', () => {
    const devices = (count: number) => Array.from({ length: count }, (_, id) => `<device id="${id + 1}"/>`).join('');
    expect(read(devices(128))).toHaveLength(limits.devicesPerList);
    expect(codeOf(() => read(devices(129)))).toBe('too-many');
    expect(codeOf(() => parseDevices(parseXml(list(devices(3))), { devicesPerList: 2 }))).toBe('too-many');
  });

  test.each<readonly [string, string, WireErrorCode]>([
    ['another element', '<list xmlns="urn:xmpp:omemo:2"/>', 'unexpected-element'],
    ['another namespace', '<devices xmlns="urn:xmpp:omemo:1"/>', 'unexpected-element'],
    ['no namespace', '<devices/>', 'unexpected-element'],
    ['a prefix bound elsewhere', '<x:devices xmlns:x="urn:x" xmlns="urn:xmpp:omemo:2"/>', 'unexpected-element'],
    ['a device without id', list('<device/>'), 'missing-attribute'],
    ['an id that is a property of every object', list('<device constructor="1"/>'), 'missing-attribute'],
    ['an id of words', list('<device id="__proto__"/>'), 'invalid-id'],
  ])('refuses %s', (_, xml, code) => {
    expect(codeOf(() => parseDevices(parseXml(xml)))).toBe(code);
  });
});

describe('serializeDevices', () => {
  test('writes what it was given', () => {
    const devices: ListedDevice[] = [
      { id: 1 },
      { id: 2 ** 31 - 1, label: 'A & "b"', labelSignature: signature },
      { id: 3, label: 'x' },
    ];
    const element = serializeDevices(devices);
    expect(element.toString()).toBe(
      '<devices xmlns="urn:xmpp:omemo:2"><device id="1"/>' +
        `<device id="2147483647" label="A &amp; &quot;b&quot;" labelsig="${encodeBase64(signature)}"/>` +
        '<device id="3" label="x"/></devices>',
    );
    expect(parseDevices(element)).toEqual(devices);
    expect(parseDevices(parseXml(element.toString()))).toEqual(devices);
  });

  test('writes an empty list', () => {
    expect(serializeDevices([]).toString()).toBe('<devices xmlns="urn:xmpp:omemo:2"/>');
  });

  test.each([0, 2 ** 31, 2 ** 32 - 1])('keeps the id %d of another client on the list', (id) => {
    expect(parseDevices(serializeDevices([{ id }]))).toEqual([{ id }]);
  });

  test.each([2 ** 32, -1, 1.5, Number.NaN])('refuses to write id %d', (id) => {
    expect(codeOf(() => serializeDevices([{ id }]))).toBe('invalid-id');
  });

  test.each<readonly [string, readonly ListedDevice[], WireErrorCode]>([
    ['a device twice', [{ id: 1 }, { id: 1 }], 'repeated-element'],
    ['a label too long', [{ id: 1, label: 'x'.repeat(54) }], 'too-large'],
    ['a label with a control character', [{ id: 1, label: 'a\u0007' }], 'invalid-character'],
    ['a label with half a character', [{ id: 1, label: '\ud83d' }], 'invalid-character'],
    ['a short signature', [{ id: 1, label: 'a', labelSignature: filled(63, 1) }], 'wrong-length'],
  ])('refuses %s', (_, devices, code) => {
    expect(codeOf(() => serializeDevices(devices))).toBe(code);
  });
});
