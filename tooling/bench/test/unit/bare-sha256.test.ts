import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { bareChainKeys, bareHkdf, bareTag } from '../../src/limit/bare-sha256.ts';

const TIMES = 50;
const bytes = (length: number) => new Uint8Array(randomBytes(length));
const hmac = (key: Uint8Array, data: Uint8Array) => new Uint8Array(createHmac('sha256', key).update(data).digest());

test('KDF_CK is the two HMACs of OpenSSL', () => {
  const target = new Uint8Array(64);
  for (let time = 0; time < TIMES; time++) {
    const key = bytes(32);
    bareChainKeys(key, new DataView(target.buffer));
    expect(target.slice(0, 32)).toEqual(hmac(key, Uint8Array.of(1)));
    expect(target.slice(32)).toEqual(hmac(key, Uint8Array.of(2)));
  }
});

test.each([
  ['message keys', 32, 'OMEMO Message Key Material', 80, false],
  ['root keys', 32, 'OMEMO Root Chain', 64, true],
  ['the key of X3DH', 160, 'OMEMO X3DH', 32, false],
] as const)('HKDF of %s is that of OpenSSL', (_, inputLength, label, length, salted) => {
  const info = new TextEncoder().encode(label);
  const derive = bareHkdf({ inputLength, info, length });
  for (let time = 0; time < TIMES; time++) {
    const input = bytes(inputLength);
    const salt = salted ? bytes(32) : new Uint8Array(32);
    const expected = new Uint8Array(hkdfSync('sha256', input, salt, info, length));
    expect(derive(input, salted ? salt : undefined).slice(0, length)).toEqual(expected);
  }
});

test('the tag is the HMAC of OpenSSL over both parts', () => {
  const tag = bareTag(64, 108);
  const target = new Uint8Array(32);
  for (let time = 0; time < TIMES; time++) {
    const [key, first, second] = [bytes(32), bytes(64), bytes(108)];
    tag(key, first, second, new DataView(target.buffer));
    expect(target).toEqual(hmac(key, Buffer.concat([first, second])));
  }
});
