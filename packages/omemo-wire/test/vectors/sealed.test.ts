import {
  decodeAuthenticatedMessage,
  decodeOmemoMessage,
  encodeAuthenticatedMessage,
  encodeOmemoMessage,
} from '@omemo-kit/omemo-wire';
import { describe, expect, test } from 'vitest';
import { hex, unhex } from '../hex.ts';
import { readCases } from './vector-file.ts';

interface SealedCase {
  readonly n: number;
  readonly pn: number;
  readonly dh_pub: string;
  readonly ciphertext: string;
  readonly omemo_message: string;
  readonly mac: string;
  readonly authenticated_message: string;
}

const cases = readCases<SealedCase>('sealed');

describe('sealed.json', () => {
  test('has messages numbered 0', () => {
    expect(cases.some(({ n }) => n === 0)).toBe(true);
    expect(cases.some(({ pn }) => pn === 0)).toBe(true);
  });

  test.each(cases.map((one) => [one.n, one.pn, one] as const))('n %d, pn %d, byte for byte', (n, pn, one) => {
    const message = encodeOmemoMessage({ n, pn, dhPub: unhex(one.dh_pub), ciphertext: unhex(one.ciphertext) });
    expect(hex(message)).toBe(one.omemo_message);
    const authenticated = encodeAuthenticatedMessage({ mac: unhex(one.mac), message });
    expect(hex(authenticated)).toBe(one.authenticated_message);

    const read = decodeAuthenticatedMessage(authenticated);
    expect([hex(read.mac), hex(read.message)]).toEqual([one.mac, one.omemo_message]);
    const inner = decodeOmemoMessage(read.message);
    expect([inner.n, inner.pn, hex(inner.dhPub), hex(inner.ciphertext)]).toEqual([n, pn, one.dh_pub, one.ciphertext]);
  });
});
