import {
  decodeAuthenticatedMessage,
  decodeKeyExchange,
  decodeOmemoMessage,
  encodeAuthenticatedMessage,
  encodeKeyExchange,
  encodeOmemoMessage,
  type WireErrorCode,
} from '@omemo-kit/omemo-wire';
import { describe, expect, test } from 'vitest';
import { StrictWriter } from '../../src/protobuf/strict-writer.ts';
import { filled, hex, unhex } from '../hex.ts';
import { codeOf } from '../outcome.ts';
import { authenticatedMessage, keyExchange, omemoMessage } from '../samples.ts';

const key = '07'.repeat(32);
const N = '0800';
const PN = '10ac02';
const DH_PUB = `1a20${key}`;
const CIPHERTEXT = `2210${'09'.repeat(16)}`;

const omemo = (...fields: string[]) => codeOf(() => decodeOmemoMessage(unhex(fields.join(''))));

describe('OMEMOMessage', () => {
  test('writes n and pn also when 0, in ascending order', () => {
    const bytes = encodeOmemoMessage({ n: 0, pn: 0, dhPub: filled(32, 7), ciphertext: filled(16, 9) });
    expect(hex(bytes)).toBe(`08001000${DH_PUB}${CIPHERTEXT}`);
  });

  test('reads any order of fields', () => {
    const message = decodeOmemoMessage(unhex(CIPHERTEXT + DH_PUB + PN + N));
    expect(message).toEqual({ n: 0, pn: 300, dhPub: filled(32, 7), ciphertext: filled(16, 9) });
  });

  test.each([
    ['a small integer', '2805'],
    ['an integer of 64 bits', '28ffffffffffffffffff01'],
    ['64 bits', '290102030405060708'],
    ['bytes', '2a03010203'],
    ['no bytes', '2a00'],
    ['32 bits', '2d01020304'],
    ['the largest field number', 'f8ffffff0f01'],
  ])('skips an unknown field of %s', (_, unknown) => {
    expect(omemo(unknown, N, unknown, PN, DH_PUB, CIPHERTEXT, unknown)).toBe('accepted');
  });

  test.each<[string, readonly string[], WireErrorCode]>([
    ['nothing', [], 'missing-field'],
    ['no n', [PN, DH_PUB, CIPHERTEXT], 'missing-field'],
    ['no pn', [N, DH_PUB, CIPHERTEXT], 'missing-field'],
    ['no dh_pub', [N, PN, CIPHERTEXT], 'missing-field'],
    ['no ciphertext', [N, PN, DH_PUB], 'missing-field'],
    ['n twice', [N, PN, DH_PUB, CIPHERTEXT, N], 'repeated-field'],
    ['pn twice', [PN, N, PN, DH_PUB, CIPHERTEXT], 'repeated-field'],
    ['dh_pub twice', [N, PN, DH_PUB, DH_PUB, CIPHERTEXT], 'repeated-field'],
    ['ciphertext twice', [N, PN, DH_PUB, CIPHERTEXT, CIPHERTEXT], 'repeated-field'],
    ['n as bytes', ['0a0100', PN, DH_PUB, CIPHERTEXT], 'wrong-wire-type'],
    ['n as 32 bits', ['0d00000000', PN, DH_PUB, CIPHERTEXT], 'wrong-wire-type'],
    ['n as 64 bits', ['090000000000000000', PN, DH_PUB, CIPHERTEXT], 'wrong-wire-type'],
    ['dh_pub as an integer', [N, PN, '1801', CIPHERTEXT], 'wrong-wire-type'],
    ['n of 2^32', ['088080808010', PN, DH_PUB, CIPHERTEXT], 'integer-out-of-range'],
    ['n of 2^63', ['0880808080808080808001', PN, DH_PUB, CIPHERTEXT], 'integer-out-of-range'],
    ['n of 64 one bits', ['08ffffffffffffffffff01', PN, DH_PUB, CIPHERTEXT], 'integer-out-of-range'],
    ['n in eleven bytes', ['088080808080808080808000', PN, DH_PUB, CIPHERTEXT], 'malformed-protobuf'],
    ['n cut off', [PN, DH_PUB, CIPHERTEXT, '0880'], 'malformed-protobuf'],
    ['a tag cut off', [N, PN, DH_PUB, CIPHERTEXT, '80'], 'malformed-protobuf'],
    ['ciphertext cut off', [N, PN, DH_PUB, '221009'], 'malformed-protobuf'],
    ['a length of 2^32-1', [N, PN, DH_PUB, '22ffffffff0f'], 'malformed-protobuf'],
    ['a field number of 0', [N, PN, DH_PUB, CIPHERTEXT, '0001'], 'malformed-protobuf'],
    ['wire type 6', [N, PN, DH_PUB, CIPHERTEXT, '2e'], 'malformed-protobuf'],
    ['wire type 7', [N, PN, DH_PUB, CIPHERTEXT, '2f'], 'malformed-protobuf'],
    ['an unknown group', [N, PN, DH_PUB, CIPHERTEXT, '2b2c'], 'malformed-protobuf'],
    ['the end of a group', [N, PN, DH_PUB, CIPHERTEXT, '2c'], 'malformed-protobuf'],
    [
      'an unknown integer in eleven bytes',
      [N, PN, DH_PUB, CIPHERTEXT, '288080808080808080808000'],
      'malformed-protobuf',
    ],
    ['an unknown integer cut off', [N, PN, DH_PUB, CIPHERTEXT, '28ff'], 'malformed-protobuf'],
    ['unknown bytes cut off', [N, PN, DH_PUB, CIPHERTEXT, '2a0501'], 'malformed-protobuf'],
    ['an unknown fixed64 cut off', [N, PN, DH_PUB, CIPHERTEXT, '2901020304050607'], 'malformed-protobuf'],
    ['a tag above 32 bits', [N, PN, DH_PUB, CIPHERTEXT, 'ffffffff7f00'], 'malformed-protobuf'],
    ['dh_pub of 31 bytes', [N, PN, `1a1f${'07'.repeat(31)}`, CIPHERTEXT], 'wrong-length'],
    ['dh_pub of 33 bytes', [N, PN, `1a2105${key}`, CIPHERTEXT], 'wrong-length'],
    ['an empty ciphertext', [N, PN, DH_PUB, '2200'], 'wrong-length'],
    ['a ciphertext of 17 bytes', [N, PN, DH_PUB, `2211${'09'.repeat(17)}`], 'wrong-length'],
  ])('refuses %s', (_, fields, code) => {
    expect(omemo(...fields)).toBe(code);
  });

  test.each([
    ['n of 2^32-1', '08ffffffff0f', 2 ** 32 - 1],
    ['n in two bytes', '088000', 0],
    ['n in ten bytes', '0885808080808080808000', 5],
  ])('reads %s', (_, field, n) => {
    expect(decodeOmemoMessage(unhex(field + PN + DH_PUB + CIPHERTEXT)).n).toBe(n);
  });

  test('refuses every dh_pub length but 32', () => {
    for (let length = 0; length <= 66; length++) {
      const field = `1a${hex(Uint8Array.of(length))}${'00'.repeat(length)}`;
      expect(omemo(N, PN, field, CIPHERTEXT)).toBe(length === 32 ? 'accepted' : 'wrong-length');
      const dhPub = filled(length, 0);
      const written = codeOf(() => encodeOmemoMessage({ n: 0, pn: 0, dhPub, ciphertext: filled(16, 0) }));
      expect(written).toBe(length === 32 ? 'accepted' : 'wrong-length');
    }
  });

  test('refuses to write what it would not read', () => {
    const good = { n: 0, pn: 0, dhPub: filled(32, 7), ciphertext: filled(16, 9) };
    for (const n of [-1, 2 ** 32, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(codeOf(() => encodeOmemoMessage({ ...good, n }))).toBe('integer-out-of-range');
      expect(codeOf(() => encodeOmemoMessage({ ...good, pn: n }))).toBe('integer-out-of-range');
    }
    expect(codeOf(() => encodeOmemoMessage({ ...good, ciphertext: filled(0, 0) }))).toBe('wrong-length');
    expect(codeOf(() => encodeOmemoMessage({ ...good, ciphertext: filled(15, 0) }))).toBe('wrong-length');
  });
});

describe('OMEMOAuthenticatedMessage', () => {
  test('keeps the message bytes as they were received', () => {
    const unusual = unhex([CIPHERTEXT, DH_PUB, PN, N, '2a0101'].join(''));
    const bytes = encodeAuthenticatedMessage({ mac: filled(16, 5), message: unusual });
    expect(decodeAuthenticatedMessage(bytes)).toEqual({ mac: filled(16, 5), message: unusual });
  });

  test('takes a tag of 16 bytes and no other', () => {
    for (let length = 0; length <= 66; length++) {
      const mac = filled(length, 5);
      const bytes = unhex(`0a${hex(Uint8Array.of(length))}${hex(mac)}1200`);
      const wanted = length === 16 ? 'accepted' : 'wrong-length';
      expect(codeOf(() => decodeAuthenticatedMessage(bytes))).toBe(wanted);
      expect(codeOf(() => encodeAuthenticatedMessage({ mac, message: omemoMessage }))).toBe(wanted);
    }
  });

  test.each<[string, string, WireErrorCode]>([
    ['no mac', '120101', 'missing-field'],
    ['no message', `0a10${'05'.repeat(16)}`, 'missing-field'],
    ['mac twice', `0a10${'05'.repeat(16)}0a10${'05'.repeat(16)}1200`, 'repeated-field'],
    ['message twice', `0a10${'05'.repeat(16)}12001200`, 'repeated-field'],
    ['mac as an integer', '08011200', 'wrong-wire-type'],
  ])('refuses %s', (_, text, code) => {
    expect(codeOf(() => decodeAuthenticatedMessage(unhex(text)))).toBe(code);
  });
});

describe('OMEMOKeyExchange', () => {
  const good = { pkId: 0, spkId: 2 ** 32 - 1, ik: filled(32, 1), ek: filled(32, 2), message: authenticatedMessage };

  test('writes ids also when 0, in ascending order', () => {
    expect(hex(encodeKeyExchange({ ...good, message: filled(1, 9) }))).toBe(
      `080010ffffffff0f1a20${'01'.repeat(32)}2220${'02'.repeat(32)}2a0109`,
    );
  });

  test('reads back what it wrote, ids 0 and 2^32-1 included', () => {
    expect(decodeKeyExchange(encodeKeyExchange(good))).toEqual(good);
  });

  test('takes keys of 32 bytes and no other', () => {
    for (let length = 0; length <= 66; length++) {
      const wanted = length === 32 ? 'accepted' : 'wrong-length';
      for (const part of ['ik', 'ek'] as const) {
        expect(codeOf(() => encodeKeyExchange({ ...good, [part]: filled(length, 1) }))).toBe(wanted);
        const tag = part === 'ik' ? '1a' : '22';
        const other = part === 'ik' ? `2220${'02'.repeat(32)}` : `1a20${'01'.repeat(32)}`;
        const bytes = unhex(`08011001${tag}${hex(Uint8Array.of(length))}${'00'.repeat(length)}${other}2a00`);
        expect(codeOf(() => decodeKeyExchange(bytes))).toBe(wanted);
      }
    }
  });

  test('refuses every field left out and every field twice', () => {
    const fields = ['0801', '1002', `1a20${key}`, `2220${key}`, '2a00'];
    expect(codeOf(() => decodeKeyExchange(unhex(fields.join(''))))).toBe('accepted');
    for (const [index, field] of fields.entries()) {
      const without = fields.toSpliced(index, 1).join('');
      expect(codeOf(() => decodeKeyExchange(unhex(without)))).toBe('missing-field');
      expect(codeOf(() => decodeKeyExchange(unhex(fields.join('') + field)))).toBe('repeated-field');
    }
  });
});

describe('every message', () => {
  const decoders = { decodeOmemoMessage, decodeAuthenticatedMessage, decodeKeyExchange };
  const samples = {
    decodeOmemoMessage: omemoMessage,
    decodeAuthenticatedMessage: authenticatedMessage,
    decodeKeyExchange: keyExchange,
  };

  test.each(Object.keys(decoders) as (keyof typeof decoders)[])(
    '%s: nothing read shares memory with the input',
    (name) => {
      const input = samples[name].slice();
      const read = decoders[name](input);
      const before = JSON.stringify(read);
      input.fill(0xff);
      expect(JSON.stringify(read)).toBe(before);
    },
  );

  test.each(Object.keys(decoders) as (keyof typeof decoders)[])(
    '%s: a view or subclass of the input is copied too',
    (name) => {
      const backing = Buffer.alloc(samples[name].length + 8);
      backing.set(samples[name], 4);
      const read = decoders[name](backing.subarray(4, -4));
      const before = JSON.stringify(read);
      backing.fill(0xff);
      expect(JSON.stringify(read)).toBe(before);
      for (const value of Object.values(read))
        if (typeof value === 'object') expect(value.constructor).toBe(Uint8Array);
    },
  );

  test.each(Object.keys(decoders) as (keyof typeof decoders)[])('%s: is capped in size', (name) => {
    const filler = (length: number) =>
      unhex(`7a${hex(Uint8Array.of((length & 127) | 128, length >> 7))}${'00'.repeat(length)}`);
    const sample = samples[name];
    const padded = (size: number) => Uint8Array.of(...sample, ...filler(size - sample.length - 3));
    expect(padded(1_024)).toHaveLength(1_024);
    expect(codeOf(() => decoders[name](padded(1_024)))).toBe('accepted');
    expect(codeOf(() => decoders[name](padded(1_025)))).toBe('too-large');
    expect(codeOf(() => decoders[name](padded(1_025), { keyContentBytes: 1_025 }))).toBe('accepted');
    expect(codeOf(() => decoders[name](sample, { keyContentBytes: 40 }))).toBe('too-large');
  });

  test.each(Object.keys(decoders) as (keyof typeof decoders)[])('%s: refuses what is no Uint8Array', (name) => {
    for (const value of [undefined, null, 'abc', [1, 2], new ArrayBuffer(4), new Uint16Array(4)]) {
      expect(codeOf(() => decoders[name](value as never))).toBe('invalid-argument');
    }
  });
});

describe('after a message that was refused in the middle', () => {
  const good = { mac: filled(16, 1), message: filled(8, 2) };
  test.each<[string, unknown]>([
    ['an ArrayBuffer', new ArrayBuffer(8)],
    ['a DataView', new DataView(new ArrayBuffer(8))],
    ['16-bit numbers', Uint16Array.of(1, 2)],
    ['an array', [1, 2]],
    ['text', 'bytes'],
    ['nothing', undefined],
  ])('with %s for bytes, the next one is written as ever', (_, message) => {
    const before = encodeAuthenticatedMessage(good);
    expect(codeOf(() => encodeAuthenticatedMessage({ ...good, message: message as Uint8Array }))).toBe(
      'invalid-argument',
    );
    expect(encodeAuthenticatedMessage(good)).toEqual(before);
  });
});

test('a message is written whole while another one is begun', () => {
  const outer = new StrictWriter('outer').uint32(1, 'first', 1);
  const inner = new StrictWriter('inner').uint32(1, 'first', 2).finish();
  expect(hex(inner)).toBe('0802');
  expect(hex(outer.bytes(2, inner).finish())).toBe('080112020802');
});
